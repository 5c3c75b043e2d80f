package dev.wadi.cdc;

import dev.wadi.route.Sources;
import dev.wadi.route.Tables;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.component.debezium.postgres.configuration.PostgresConnectorEmbeddedDebeziumConfiguration;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * {@code debezium-postgres:NAME?tableIncludeList=schema.table,...}: the changes of tables of PostgreSQL. The options are those of
 * Camel's component of this name; what a route leaves out is that of {@code jdbc.url}, or named after it.
 */
@Singleton
@Named("debezium-postgres")
public final class CdcComponent extends DefaultComponent {
    /** So many changes may wait for one commit. */
    private static final int BATCH = 20_000;

    private static final int HEARTBEAT_MILLIS = 10_000;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,50}");

    private final String jdbcUrl;
    private final Tables tables;
    private final Sources sources;
    private final MeterRegistry meters;

    public CdcComponent(@Value("${jdbc.url:}") String jdbcUrl, Tables tables, Sources sources, MeterRegistry meters) {
        this.jdbcUrl = jdbcUrl;
        this.tables = tables;
        this.sources = sources;
        this.meters = meters;
    }

    Tables tables() {
        return tables;
    }

    Sources sources() {
        return sources;
    }

    MeterRegistry meters() {
        return meters;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) throws Exception {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "debezium-postgres:%s: write a name of small letters, digits and '_': slot and publication are named after it"
                            .formatted(name));
        }
        Duration startDelay = getAndRemoveParameter(parameters, "startDelay", Duration.class, Duration.ofSeconds(3));
        PostgresConnectorEmbeddedDebeziumConfiguration configuration =
                new PostgresConnectorEmbeddedDebeziumConfiguration();
        configuration.setName(name);
        configuration.setTopicPrefix(name);
        configuration.setSlotName("wadi_" + name);
        configuration.setPublicationName("wadi_" + name);
        configuration.setPublicationAutocreateMode("filtered");
        configuration.setPluginName("pgoutput");
        configuration.setSnapshotMode("when_needed");
        configuration.setDecimalHandlingMode("string");
        configuration.setSkippedOperations("none");
        configuration.setMaxBatchSize(BATCH);
        configuration.setMaxQueueSize(2 * BATCH);
        configuration.setPollIntervalMs(50);
        configuration.setHeartbeatIntervalMs(HEARTBEAT_MILLIS);
        configuration.setDatabasePassword("-");
        address(configuration);
        parameters.forEach((key, value) -> {
            if (key.startsWith("offset")) {
                throw new IllegalArgumentException(
                        "%s: the offset is kept in the table that the route fills: take it out".formatted(key));
            }
        });
        Map<String, Object> additional = PropertiesHelper.extractProperties(parameters, "additionalProperties.");
        setProperties(getCamelContext(), configuration, parameters);
        configuration.setAdditionalProperties(new HashMap<>(additional));
        // what the numbers of the events rest on
        configuration.setProvideTransactionMetadata(true);
        configuration.setTombstonesOnDelete(false);
        configuration.setOffsetStorage(CdcOffsets.class.getName());
        return new CdcEndpoint(uri, this, configuration, startDelay);
    }

    private void address(PostgresConnectorEmbeddedDebeziumConfiguration configuration) {
        @Nullable Properties address = jdbcUrl.isBlank() ? null : Driver.parseURL(jdbcUrl, new Properties());
        if (address != null) {
            configuration.setDatabaseHostname(address.getProperty("PGHOST"));
            configuration.setDatabasePort(Integer.parseInt(address.getProperty("PGPORT")));
            configuration.setDatabaseDbname(address.getProperty("PGDBNAME"));
            configuration.setDatabaseUser(address.getProperty("user", "postgres"));
            configuration.setDatabasePassword(address.getProperty("password", "-"));
        }
    }
}
