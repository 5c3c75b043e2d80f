package dev.wadi.merge;

import dev.wadi.contract.TableName;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The merge's meters, each tagged with the table: {@code wadi.merge.rows} by result, {@code wadi.merge.batch.rows} and others. */
final class MergeMeters {
    private final MeterRegistry registry;
    private final Map<TableName, AtomicLong> versions = new ConcurrentHashMap<>();

    MergeMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void record(MergeOutcome outcome) {
        MergeOutcome.Counts counts = outcome.counts();
        switch (outcome) {
            case MergeOutcome.Committed committed -> {
                registry.timer("wadi.merge.commit", "table", committed.table().toString())
                        .record(Duration.ofMillis(committed.work().millis()));
                version(committed.table()).set(committed.version());
                rows(committed.table(), counts);
            }
            case MergeOutcome.Unchanged unchanged -> rows(unchanged.table(), counts);
        }
    }

    private void rows(TableName table, MergeOutcome.Counts counts) {
        rows(table, "received", counts.received());
        rows(table, "merged", counts.inserted() + counts.updated() + counts.deleted());
        rows(table, "stale", counts.stale());
        rows(table, "duplicate", counts.duplicate());
        rows(table, "quarantined", counts.tied() + counts.refused());
        registry.summary("wadi.merge.batch.rows", "table", table.toString()).record(counts.received());
    }

    private void rows(TableName table, String result, long count) {
        registry.counter("wadi.merge.rows", "table", table.toString(), "result", result)
                .increment(count);
    }

    void failed(TableName table) {
        registry.counter("wadi.merge.failures", "table", table.toString()).increment();
    }

    private AtomicLong version(TableName table) {
        return versions.computeIfAbsent(table, name -> {
            AtomicLong version = new AtomicLong();
            registry.gauge(
                    "wadi.table.version",
                    java.util.List.of(io.micrometer.core.instrument.Tag.of("table", name.toString())),
                    version);
            return version;
        });
    }
}
