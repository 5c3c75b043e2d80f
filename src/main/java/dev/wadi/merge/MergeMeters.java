package dev.wadi.merge;

import dev.wadi.contract.TableName;
import io.micrometer.core.instrument.Counter;
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

    void record(MergeOutcome outcome, Tally tally) {
        MergeOutcome.Counts counts = outcome.counts();
        switch (outcome) {
            case MergeOutcome.Committed committed -> {
                registry.timer("wadi.merge.commit", "table", committed.table().toString())
                        .record(Duration.ofMillis(committed.work().millis()));
                version(committed.table()).set(committed.version());
                written(committed.table(), committed.work().files());
                rows(committed.table(), counts);
                // there at zero, so that the first failure is an increase
                Counter unused = failures(committed.table());
            }
            case MergeOutcome.Unchanged unchanged -> rows(unchanged.table(), counts);
        }
        tally.warnings()
                .forEach((rule, rows) -> registry.counter(
                                "wadi.merge.warnings", "table", outcome.table().toString(), "rule", rule)
                        .increment(rows));
    }

    private void rows(TableName table, MergeOutcome.Counts counts) {
        rows(table, "received", counts.received());
        rows(table, "merged", counts.inserted() + counts.updated() + counts.deleted() + counts.buried());
        rows(table, "stale", counts.stale());
        rows(table, "duplicate", counts.duplicate());
        rows(table, "quarantined", counts.tied() + counts.refused());
        registry.summary("wadi.merge.batch.rows", "table", table.toString()).record(counts.received());
    }

    private void rows(TableName table, String result, long count) {
        registry.counter("wadi.merge.rows", "table", table.toString(), "result", result)
                .increment(count);
    }

    private void written(TableName table, MergeOutcome.Files files) {
        registry.counter("wadi.merge.files", "table", table.toString(), "what", "written")
                .increment(files.written());
        registry.counter("wadi.merge.files", "table", table.toString(), "what", "marked")
                .increment(files.marked());
        registry.counter("wadi.merge.files", "table", table.toString(), "what", "removed")
                .increment(files.removed());
        registry.counter("wadi.merge.bytes", "table", table.toString()).increment(files.bytesWritten());
    }

    void failed(TableName table) {
        failures(table).increment();
    }

    private Counter failures(TableName table) {
        return registry.counter("wadi.merge.failures", "table", table.toString());
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
