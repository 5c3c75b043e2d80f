package dev.wadi.cdc;

import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.debezium.postgres.configuration.PostgresConnectorEmbeddedDebeziumConfiguration;
import org.apache.camel.support.DefaultEndpoint;

/** The changes of some tables of one database. */
final class CdcEndpoint extends DefaultEndpoint {
    private final CdcComponent component;
    private final PostgresConnectorEmbeddedDebeziumConfiguration configuration;
    private final Duration startDelay;

    CdcEndpoint(
            String uri,
            CdcComponent component,
            PostgresConnectorEmbeddedDebeziumConfiguration configuration,
            Duration startDelay) {
        super(uri, component);
        this.component = component;
        this.configuration = configuration;
        this.startDelay = startDelay;
    }

    CdcComponent component() {
        return component;
    }

    PostgresConnectorEmbeddedDebeziumConfiguration configuration() {
        return configuration;
    }

    /** How long the engine waits after the route has started: it is a second of work that the start of Wadi can do without. */
    Duration startDelay() {
        return startDelay;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("debezium-postgres: only reads: write it at the `from:` of a route");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        CdcConsumer consumer = new CdcConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
