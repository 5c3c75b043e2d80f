package dev.wadi.poll;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.sql.SqlEndpoint;

/** A SELECT whose rows are read in the order of their change. */
final class PollEndpoint extends SqlEndpoint {
    private final PollComponent component;
    private final PollSettings settings;

    PollEndpoint(String uri, PollComponent component, PollSettings settings) {
        super(uri, component);
        this.component = component;
        this.settings = settings;
        setQuery(settings.query());
    }

    PollSettings settings() {
        return settings;
    }

    PollComponent component() {
        return component;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        PollConsumer consumer = new PollConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
