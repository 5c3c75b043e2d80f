package dev.wadi.upkeep;

import dev.wadi.contract.TableName;
import dev.wadi.merge.Commits;
import dev.wadi.merge.Compactions;
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
 * Compacts tables that were committed to, one at a time, on a thread of its own: when a table has been quiet for a second, or
 * when its small files get too many to wait for that.
 */
@Context
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final long QUIET = TimeUnit.SECONDS.toNanos(1);

    private final Compactions compactions;
    private final Map<TableName, Long> lastCommit = new ConcurrentHashMap<>();
    private final Set<TableName> pending = ConcurrentHashMap.newKeySet();
    private final AutoCloseable listening;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("upkeep").daemon().factory());

    Upkeep(Commits commits, Compactions compactions) {
        this.compactions = compactions;
        this.listening = commits.listen((table, version) -> {
            lastCommit.put(table, System.nanoTime());
            look(table);
        });
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
