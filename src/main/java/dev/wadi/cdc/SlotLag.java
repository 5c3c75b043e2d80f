package dev.wadi.cdc;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.debezium.postgres.configuration.PostgresConnectorEmbeddedDebeziumConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many bytes of its log the database keeps for a slot, as the metric {@code wadi.cdc.slot.lag.bytes}. */
final class SlotLag implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlotLag.class);
    private static final int SECONDS = 5;

    private final PostgresConnectorEmbeddedDebeziumConfiguration configuration;
    private final MeterRegistry meters;
    private final Gauge gauge;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("cdc slot").daemon().factory());
    private volatile double bytes = Double.NaN;
    private volatile @Nullable String problem;

    SlotLag(PostgresConnectorEmbeddedDebeziumConfiguration configuration, String routeId, MeterRegistry meters) {
        this.configuration = configuration;
        this.meters = meters;
        this.gauge = Gauge.builder("wadi.cdc.slot.lag", this, each -> each.bytes)
                .baseUnit("bytes")
                .tag("route", routeId)
                .tag("slot", configuration.getSlotName())
                .register(meters);
    }

    void start() {
        clock.scheduleWithFixedDelay(this::look, 0, SECONDS, TimeUnit.SECONDS);
    }

    /** Of the log behind the end; NaN while the database does not say. */
    double bytes() {
        return bytes;
    }

    /** What is wrong with the slot; null when nothing is known to be. */
    @Nullable
    String problem() {
        return problem;
    }

    private void look() {
        Properties login = new Properties();
        login.setProperty("user", configuration.getDatabaseUser());
        login.setProperty("password", configuration.getDatabasePassword());
        login.setProperty("connectTimeout", "5");
        login.setProperty("socketTimeout", "10");
        login.setProperty("ApplicationName", "wadi slot lag");
        String url = "jdbc:postgresql://%s:%d/%s"
                .formatted(
                        configuration.getDatabaseHostname(),
                        configuration.getDatabasePort(),
                        configuration.getDatabaseDbname());
        try (Connection connection = DriverManager.getConnection(url, login);
                PreparedStatement statement = connection.prepareStatement(
                        "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), wal_status"
                                + " FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, configuration.getSlotName());
            try (ResultSet slot = statement.executeQuery()) {
                boolean there = slot.next();
                bytes = there ? slot.getDouble(1) : Double.NaN;
                problem = there && "lost".equals(slot.getString(2))
                        ? CdcProblem.explain("the slot %s was invalidated".formatted(configuration.getSlotName()), null)
                        : null;
            }
        } catch (SQLException e) {
            bytes = Double.NaN;
            LOG.debug("The lag of {} cannot be read", configuration.getSlotName(), e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        meters.remove(gauge);
    }
}
