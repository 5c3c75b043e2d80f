package dev.wadi.upkeep;

import dev.wadi.contract.TableName;
import dev.wadi.merge.Commits;
import dev.wadi.merge.Compactions;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import dev.wadi.table.Vacuumed;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PreDestroy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps tables in order, one at a time, on a thread of its own. Those that were committed to are compacted: when a table has
 * been quiet for a second, or when its small files get too many to wait for that. All are vacuumed on a clock.
 */
@Context
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final long QUIET = TimeUnit.SECONDS.toNanos(1);

    private final Compactions compactions;
    private final Lake lake;
    private final VacuumSettings vacuum;
    private final Map<TableName, Long> lastCommit = new ConcurrentHashMap<>();
    private final Set<TableName> pending = ConcurrentHashMap.newKeySet();
    private final AutoCloseable listening;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("upkeep").daemon().factory());

    Upkeep(Commits commits, Compactions compactions, Lake lake, VacuumSettings vacuum) {
        this.compactions = compactions;
        this.lake = lake;
        this.vacuum = vacuum;
        this.listening = commits.listen((table, version) -> {
            lastCommit.put(table, System.nanoTime());
            look(table);
        });
        long interval = vacuum.interval().toMillis();
        if (interval > 0) {
            worker.scheduleWithFixedDelay(this::vacuum, interval, interval, TimeUnit.MILLISECONDS);
        }
    }

    private void vacuum() {
        try {
            for (TableName table : lake.tables()) {
                if (!worker.isShutdown()) {
                    vacuum(table);
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("The tables to vacuum could not be listed: {}", e.getMessage(), e);
        }
    }

    private void vacuum(TableName name) {
        try {
            DeltaTable table = lake.table(name);
            Vacuumed vacuumed =
                    table.vacuum(table.latest().fileRetention().orElse(vacuum.retention()), vacuum.safetyAge(), false);
            if (!vacuumed.files().isEmpty()) {
                LOG.info(
                        "{} vacuumed: {} files of {} bytes that no version of the last {} has",
                        name,
                        vacuumed.files().size(),
                        vacuumed.bytes(),
                        vacuumed.retention());
            }
        } catch (RuntimeException e) {
            // The next round tries again.
            LOG.warn("{} could not be vacuumed: {}", name, e.getMessage(), e);
        }
    }

    private void look(TableName table) {
        if (pending.add(table) && !worker.isShutdown()) {
            worker.schedule(() -> tidy(table), QUIET, TimeUnit.NANOSECONDS);
        }
    }

    private void tidy(TableName table) {
        pending.remove(table);
        try {
            boolean busy = System.nanoTime() - lastCommit.getOrDefault(table, 0L) < QUIET;
            if (busy && !compactions.urgent(table)) {
                look(table);
                return;
            }
            while (!worker.isShutdown() && compactions.compact(table)) {
                LOG.debug("{}: looking for more to compact", table);
            }
        } catch (RuntimeException e) {
            // The table is as it was; the next commit brings another try.
            LOG.warn("{} could not be compacted: {}", table, e.getMessage(), e);
        }
    }

    @PreDestroy
    void close() throws Exception {
        listening.close();
        worker.shutdownNow();
        if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
            LOG.warn("A compaction was still running; its files are nobody's and no commit is lost");
        }
    }
}
