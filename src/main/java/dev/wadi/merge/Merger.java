package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.Workspace;
import dev.wadi.index.KeyIndexes;
import dev.wadi.table.Change;
import dev.wadi.table.CommitConflictException;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import dev.wadi.table.TableSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One batch into one table: order, plan, quarantine what is refused, write, commit, tell. In this process one merge at a time
 * runs on a table; against other processes the commit conflicts, and the batch is planned again on the fresh version.
 */
final class Merger {
    private static final Logger LOG = LoggerFactory.getLogger(Merger.class);
    /** A conflict means that somebody else got on, so giving up early would only starve. */
    private static final int MOST_ATTEMPTS = 100;

    private final Lake lake;
    private final DuckDb duckDb;
    private final KeyIndexes indexes;
    private final Commits commits;
    private final MergeMeters meters;
    private final Map<TableName, ReentrantLock> locks = new ConcurrentHashMap<>();

    Merger(Lake lake, DuckDb duckDb, KeyIndexes indexes, Commits commits, MeterRegistry registry) {
        this.lake = lake;
        this.duckDb = duckDb;
        this.indexes = indexes;
        this.commits = commits;
        this.meters = new MergeMeters(registry);
    }

    DuckDb duckDb() {
        return duckDb;
    }

    Lake lake() {
        return lake;
    }

    /** Fills a workspace with a batch. */
    @FunctionalInterface
    interface Staging {
        Batch stage() throws SQLException;
    }

    /**
     * Merges what {@code staging} stages, and plans again as often as other writers come first.
     *
     * @param door names who brought the rows, for quarantine and the log
     * @param refused what was refused before it could become a row; it is quarantined first
     * @throws MergeException when nothing of the batch is in the table
     */
    MergeOutcome merge(Contract contract, Staging staging, String door, List<Refused> refused) {
        return merge(contract, staging, door, refused, Map.of(), Set.of());
    }

    /**
     * @param watermarks how far readers are with this batch, by domain; committed with it, also when no row changes
     * @param routes that brought it, for the log
     */
    MergeOutcome merge(
            Contract contract,
            Staging staging,
            String door,
            List<Refused> refused,
            Map<String, String> watermarks,
            Set<Via> routes) {
        long start = System.nanoTime();
        return exclusively(contract.table(), door, () -> {
            DeltaTable table = lake.table(contract);
            quarantine(contract.table(), refused);
            if (!watermarks.isEmpty()) {
                table.remembering();
            }
            Task task = task(staging.stage(), table, door, refused.size(), watermarks, routes);
            for (int attempt = 1; ; attempt++) {
                try {
                    return attempt(task, table.latest(), null, attempt, start);
                } catch (CommitConflictException e) {
                    conflict(contract.table(), attempt, e);
                }
            }
        });
    }

    /** Something that is done to a table while no other merge of this process touches it. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException, IOException;
    }

    <T> T exclusively(TableName name, String door, Work<T> work) {
        ReentrantLock lock = locks.computeIfAbsent(name, table -> new ReentrantLock());
        lock.lock();
        try {
            return work.run();
        } catch (SQLException | IOException e) {
            meters.failed(name);
            if (e instanceof SQLException failure) {
                lake.explain(failure).ifPresent(known -> {
                    throw known;
                });
            }
            throw new MergeException(
                    "%s: the batch from %s could not be merged: %s. Nothing of it is in the table"
                            .formatted(name, door, e.getMessage()),
                    e);
        } catch (RuntimeException e) {
            meters.failed(name);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** @throws MergeException when it is time to give up */
    void conflict(TableName table, int attempt, CommitConflictException conflict) {
        LOG.info("{}; planning again (attempt {})", conflict.getMessage(), attempt);
        if (attempt == MOST_ATTEMPTS) {
            throw new MergeException(
                    "%s: %d commits in a row met another writer's. Nothing was written; the batch goes back to its source"
                            .formatted(table, attempt),
                    conflict);
        }
    }

    /**
     * A staged batch on its way into a table.
     *
     * @param refusedBefore what was refused before it could become a row of the batch
     * @param watermarks to commit with it, by domain
     * @param routes that brought it, for the log
     */
    record Task(
            Batch batch,
            DeltaTable table,
            String door,
            int refusedBefore,
            Map<String, String> watermarks,
            Set<Via> routes,
            Checks checks,
            Planner planner) {}

    Task task(
            Batch batch,
            DeltaTable table,
            String door,
            int refusedBefore,
            Map<String, String> watermarks,
            Set<Via> routes) {
        Checks checks = new Checks(batch.contract());
        return new Task(batch, table, door, refusedBefore, watermarks, routes, checks, planner(batch, table, checks));
    }

    private Planner planner(Batch batch, DeltaTable table, Checks checks) {
        Merging merging = batch.contract().merging();
        if (merging.history()) {
            return merging.systemSequenceBy() == null
                    ? new HistoryPlanner(batch, table, checks)
                    : new BeliefPlanner(batch, table, checks);
        }
        return merging.ignoreNullUpdates().isEmpty()
                ? new LatestRowPlanner(batch, table, checks, indexes)
                : new SparsePlanner(batch, table, checks);
    }

    /** Plans and commits a batch on the latest version. */
    MergeOutcome attempt(Task task, TableSnapshot latest, Change.@Nullable Progress progress, int attempt, long start)
            throws SQLException, IOException, CommitConflictException {
        TableName name = task.table().name();
        TableSnapshot base = truncate(task, latest);
        TableMerge merge = new TableMerge(task.batch(), task.table(), base, lake.store());
        Plan planned = task.planner().plan(base);
        Tally tally = planned.tally();
        task.checks().warnOrStop(task.batch(), tally);
        MergeOutcome.Counts counts = tally.counts(task.refusedBefore());
        if (tally.refuses()) {
            quarantine(name, merge.refused(task.door(), task.checks()));
        }
        Map<String, String> moved = Watermark.moved(task.watermarks(), base);
        TableMerge.Label label = new TableMerge.Label(task.door(), task.routes(), counts);
        if (!tally.changesTable()) {
            if (!moved.isEmpty()) {
                merge.write(planned, progress, moved, label);
            }
            MergeOutcome.Unchanged unchanged = new MergeOutcome.Unchanged(name, counts);
            meters.record(unchanged, tally);
            // a transform often finds nothing new; that all of what came in was there already is news
            LOG.atLevel(task.routes().isEmpty() ? Level.DEBUG : Level.INFO)
                    .log("{} unchanged by {}: {}", name, task.door(), counts);
            return unchanged;
        }
        TableMerge.Written written = merge.write(planned, progress, moved, label);
        MergeOutcome.Committed committed = new MergeOutcome.Committed(
                name,
                written.version().version(),
                written.plan(),
                counts,
                new MergeOutcome.Work(written.files(), (System.nanoTime() - start) / 1_000_000, attempt));
        meters.record(committed, tally);
        log(committed, planned, task.door());
        commits.tell(committed.table(), committed.version());
        return committed;
    }

    /** Removes what is older than the newest truncate of the batch, unless the table has seen it; gives the version to go on with. */
    private TableSnapshot truncate(Task task, TableSnapshot latest)
            throws SQLException, IOException, CommitConflictException {
        List<String> at = task.checks().truncates(task.batch());
        if (at == null) {
            return latest;
        }
        Plan plan = new TruncatePlanner(task.batch(), task.table(), at).plan(latest);
        if (plan.truncated() == null) {
            return latest;
        }
        TableMerge.Written written = new TableMerge(task.batch(), task.table(), latest, lake.store())
                .write(
                        plan,
                        null,
                        Map.of(),
                        new TableMerge.Label(
                                task.door(), task.routes(), plan.tally().counts(0)));
        LOG.info(
                "{} v{} from {}: truncated at {}, {} rows deleted",
                task.table().name(),
                written.version().version(),
                task.door(),
                at,
                plan.tally().rows(Verdict.DELETED));
        commits.tell(task.table().name(), written.version().version());
        return written.version();
    }

    private static void log(MergeOutcome.Committed committed, Plan planned, String door) {
        MergeOutcome.Counts counts = committed.counts();
        MergeOutcome.Files files = committed.work().files();
        LOG.info(
                "{} v{} from {}: {} rows in, {} new, {} updated, {} deleted, {} stale, {} duplicate, {} refused; {} ({}): {} files written, {} marked, {} removed, amplification {}, {} ms",
                committed.table(),
                committed.version(),
                door,
                counts.received(),
                counts.inserted(),
                counts.updated(),
                counts.deleted() + counts.buried(),
                counts.stale(),
                counts.duplicate(),
                counts.tied() + counts.refused(),
                committed.plan(),
                planned.why(),
                files.written(),
                files.marked(),
                files.removed(),
                files.amplification(counts),
                committed.work().millis());
    }

    /** Commits refused rows to their quarantine table, before the batch they came with is acknowledged. */
    private void quarantine(TableName target, List<Refused> refused) {
        if (refused.isEmpty()) {
            return;
        }
        try (Workspace workspace = Workspace.open(duckDb)) {
            merge(
                    Quarantine.contractFor(target),
                    () -> Quarantine.stage(target, refused, workspace),
                    target + " refused",
                    List.of());
        }
    }
}
