package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.lineage.Freshness;
import dev.wadi.lineage.Patience;
import dev.wadi.merge.Commits;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link Timeliness} of the lake of this process. */
@Singleton
final class LakeTimeliness implements Timeliness {
    /** A watermark stays true, so that of a moment ago will do: the newest answers ask for it. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final Freshness freshness;
    private final Patience patience;
    private final Commits commits;
    private final Map<Set<TableName>, Known> known = new ConcurrentHashMap<>();

    private record Known(Instant watermark, long nanos) {}

    LakeTimeliness(Freshness freshness, Patience patience, Commits commits) {
        this.freshness = freshness;
        this.patience = patience;
        this.commits = commits;
    }

    @Override
    public Instant watermark(Set<TableName> tables) {
        long now = System.nanoTime();
        Known last = known.get(tables);
        if (last == null || now - last.nanos() > MOMENT.toNanos()) {
            last = new Known(freshness.watermark(tables), now);
            known.put(Set.copyOf(tables), last);
        }
        return last.watermark();
    }

    @Override
    public Instant untilFresh(Set<TableName> tables, Duration age, Duration limit) throws InterruptedException {
        return patience.untilFresh(tables, age, limit);
    }

    @Override
    public Patience.Arrived until(String receipt, Set<TableName> tables, Duration limit) throws InterruptedException {
        return patience.until(receipt, tables, limit);
    }

    @Override
    public AutoCloseable listen(Set<TableName> tables, Runnable news) {
        Set<TableName> heard = Set.copyOf(tables);
        return commits.listen((table, version) -> {
            if (heard.contains(table)) {
                news.run();
            }
        });
    }
}
