package dev.wadi.lineage;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each table of gold is behind what came in, as the metric {@code wadi.table.lag.seconds}: 0 when it holds everything. It is
 * worked out when somebody asks.
 */
@Singleton
final class LagMeters {
    private static final Logger LOG = LoggerFactory.getLogger(LagMeters.class);
    private static final String LAYER = "gold";

    private final MeterRegistry meters;
    private final BeanProvider<Contracts> contracts;
    private final BeanProvider<Freshness> freshness;
    /** Tables that have their gauge. */
    private final Set<TableName> measured = ConcurrentHashMap.newKeySet();

    LagMeters(MeterRegistry meters, BeanProvider<Contracts> contracts, BeanProvider<Freshness> freshness) {
        this.meters = meters;
        this.contracts = contracts;
        this.freshness = freshness;
    }

    @EventListener
    void start(StartupEvent event) {
        contracts.get().listen(this::follow);
        follow();
    }

    private void follow() {
        for (Contract contract : contracts.get().all()) {
            TableName table = contract.table();
            if (table.layer().equals(LAYER) && measured.add(table)) {
                Gauge.builder("wadi.table.lag", table, this::seconds)
                        .baseUnit("seconds")
                        .tag("table", table.toString())
                        .strongReference(true)
                        .register(meters);
            }
        }
    }

    /** NaN while it cannot be told, as of a table that is not there yet. */
    private double seconds(TableName table) {
        try {
            Duration lag = Duration.between(freshness.get().watermark(Set.of(table)), Instant.now());
            return Math.max(0, lag.toMillis() / 1_000.0);
        } catch (RuntimeException e) {
            LOG.debug("How far {} is behind cannot be told", table, e);
            return Double.NaN;
        }
    }
}
