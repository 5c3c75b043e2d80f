package dev.wadi.upkeep;

import dev.wadi.contract.TableName;
import dev.wadi.merge.Commits;
import dev.wadi.merge.Compactions;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PreDestroy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compacts tables that were committed to, one at a time, on a thread of its own. */
@Context
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final Compactions compactions;
    private final Set<TableName> pending = ConcurrentHashMap.newKeySet();
    private final AutoCloseable listening;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("upkeep").daemon().factory());

    Upkeep(Commits commits, Compactions compactions) {
        this.compactions = compactions;
        this.listening = commits.listen((table, version) -> {
            if (pending.add(table) && !worker.isShutdown()) {
                worker.execute(() -> tidy(table));
            }
        });
    }

    private void tidy(TableName table) {
        pending.remove(table);
        try {
            while (compactions.due(table) && !worker.isShutdown() && compactions.compact(table)) {
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
        worker.shutdown();
        if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
            worker.shutdownNow();
        }
    }
}
