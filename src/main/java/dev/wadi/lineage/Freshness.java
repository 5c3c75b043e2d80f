package dev.wadi.lineage;

import dev.wadi.contract.TableName;
import dev.wadi.merge.Commits;
import dev.wadi.merge.Intakes;
import dev.wadi.merge.Transforms;
import dev.wadi.route.Flow;
import dev.wadi.route.Routes;
import dev.wadi.table.Lake;
import dev.wadi.table.NoSuchVersionException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Up to when tables hold what came in. It is asked before a table is read: what it says then holds for every version that is
 * read afterwards.
 */
@Singleton
public final class Freshness {
    /** Commit times that are remembered, so that none has to be read from a log. */
    private static final int REMEMBERED = 4_096;

    private final Lake lake;
    private final Intakes intakes;
    private final Transforms transforms;
    private final Supplier<Lineage> lineage;
    private final AutoCloseable listening;
    private final Map<Version, Instant> committed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Version(TableName table, long version) {}

    @jakarta.inject.Inject
    Freshness(Lake lake, Intakes intakes, Transforms transforms, Commits commits, Routes routes) {
        this(lake, intakes, transforms, commits, () -> new Lineage(routes.flows()));
    }

    Freshness(Lake lake, Intakes intakes, Transforms transforms, Commits commits, Supplier<Lineage> lineage) {
        this.lake = lake;
        this.intakes = intakes;
        this.transforms = transforms;
        this.lineage = lineage;
        this.listening = commits.listen(this::remember);
    }

    /** The tables and flows as they are now. */
    public Lineage lineage() {
        return lineage.get();
    }

    /**
     * Everything that an intake was handed before this moment, and that tables are made of, is in the newest versions of all of
     * them. What still waits in a broker or in a source is not counted: it has not come in.
     */
    public Instant watermark(Set<TableName> tables) {
        Lineage now = lineage.get();
        Instant earliest = Clock.systemUTC().instant();
        Instant start = earliest;
        for (TableName table : tables) {
            Instant each = watermark(now, table, start, new HashSet<>());
            earliest = each.isBefore(earliest) ? each : earliest;
        }
        return earliest;
    }

    private Instant watermark(Lineage now, TableName table, Instant start, Set<TableName> way) {
        if (!way.add(table)) {
            return start;
        }
        Instant own = now.into(table).isEmpty() ? start.minus(intakes.uncommitted(table)) : start;
        return now.into(table).stream()
                .map(flow -> watermark(now, flow, start, new HashSet<>(way)))
                .min(Comparator.naturalOrder())
                .filter(flowing -> flowing.isBefore(own))
                .orElse(own);
    }

    private Instant watermark(Lineage now, Flow flow, Instant start, Set<TableName> way) {
        // The source's own first: what it gains meanwhile is then not claimed.
        Instant source = watermark(now, flow.source(), start, way);
        long newest = lake.table(flow.source()).latest().version();
        long read = progress(flow);
        if (read >= newest) {
            return source;
        }
        Instant unread = committed(flow.source(), read + 1);
        return unread.isBefore(source) ? unread : source;
    }

    /** The version of its source up to which a flow has brought its target; -1 for none. */
    long progress(Flow flow) {
        return transforms.progress(flow.route(), flow.target());
    }

    long version(TableName table) {
        return lake.table(table).latest().version();
    }

    private void remember(TableName table, long version) {
        Instant now = Instant.now();
        synchronized (committed) {
            committed.put(new Version(table, version), now);
        }
    }

    private Instant committed(TableName table, long version) {
        synchronized (committed) {
            Instant known = committed.get(new Version(table, version));
            if (known != null) {
                return known;
            }
        }
        try {
            return lake.table(table).at(version).committed();
        } catch (NoSuchVersionException e) {
            // Cleaned up: older than all that the log has.
            return Instant.EPOCH;
        }
    }

    @PreDestroy
    void close() throws Exception {
        listening.close();
    }
}
