package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Workspace;
import dev.wadi.table.Change;
import dev.wadi.table.CommitConflictException;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import dev.wadi.table.TableSnapshot;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs SELECTs over pinned versions and merges what they give, each version of the source exactly once: how far a transform
 * has read is recorded in the commit of what it wrote.
 */
public final class Transforms {
    private static final Pattern TABLE = Pattern.compile("\\b([a-z][a-z0-9_]*)\\.([a-z][a-z0-9_]*)\\b");
    private static final Pattern COMMENT = Pattern.compile("--[^\n]*");
    private static final long NEVER = -1;

    private final Contracts contracts;
    private final Lake lake;
    private final LakeReader reader;
    /** Opens the table that is filled: as a rule one of the same lake, else one in a lake for what is made anew. */
    private final LakeReader targets;

    private final Merger merger;
    /** How far each transform has read, where nothing changed and so nothing was committed. */
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    /** The version that was read last, of those transforms that ask what is gone since: it need not be loaded again. */
    private final Map<String, TableSnapshot> before = new ConcurrentHashMap<>();

    Transforms(Contracts contracts, Lake lake, LakeReader reader, Merger merger) {
        this.contracts = contracts;
        this.lake = lake;
        this.reader = reader;
        this.targets = merger.lake() == lake ? reader : new LakeReader(merger.duckDb(), merger.lake());
        this.merger = merger;
    }

    /**
     * A SELECT from the lake into a table.
     *
     * @param id names its progress in the target's log; the route id
     * @param source the table whose changes drive it. In the SELECT, {@code changes} is a view of the rows of
     *     {@code source} that were inserted or updated since the last run (all rows at the first), each key once (of a
     *     history each key and {@code __START_AT}); one that was deleted since may still be among them. {@code removed} is
     *     a view of the rows of the last run whose key is gone, {@code replaced} one of those that were updated or are gone,
     *     as they were, and {@code layer.name} is any table as a whole
     * @param sql one SELECT whose columns have the names of the target's columns
     */
    public record Transform(String id, TableName source, TableName target, String sql) {}

    /**
     * Brings {@code target} up to the newest version of {@code source}.
     *
     * @throws MergeException when nothing was written; running it again is always right
     */
    public MergeOutcome run(Transform transform) {
        Contract contract = contracts.get(transform.target());
        return run(contract, transform.id(), transform.sql(), transform.source());
    }

    /** Merges what a SELECT gives that is driven by no table, such as a calendar. Running it again changes nothing. */
    public MergeOutcome run(String id, TableName target, String sql) {
        return run(contracts.get(target), id, sql, null);
    }

    private MergeOutcome run(Contract contract, String id, String sql, @Nullable TableName source) {
        long start = System.nanoTime();
        return merger.exclusively(contract.table(), id, () -> {
            for (int attempt = 1; ; attempt++) {
                try {
                    return attempt(contract, id, sql, source, attempt, start);
                } catch (CommitConflictException e) {
                    // What was selected may rest on the version of the target that is now past: select again.
                    merger.conflict(contract.table(), attempt, e);
                }
            }
        });
    }

    private MergeOutcome attempt(
            Contract contract, String id, String sql, @Nullable TableName source, int attempt, long start)
            throws SQLException, IOException, CommitConflictException {
        DeltaTable target = merger.lake().table(contract);
        TableSnapshot base = target.latest();
        SortedMap<TableName, TableSnapshot> read = tablesIn(sql);
        boolean readsItself = read.remove(contract.table()) != null;
        Change.Progress progress = null;
        TableSnapshot newest = null;
        long done = NEVER;
        if (source != null) {
            newest = lake.table(source).latest();
            if (read.containsKey(source)) {
                read.put(source, newest);
            }
            progress = new Change.Progress(reader(id), newest.version());
            done = done(target, progress.reader());
            if (done >= newest.version()) {
                return new MergeOutcome.Unchanged(contract.table(), NOTHING);
            }
        }
        try (Workspace workspace = Workspace.open(merger.duckDb())) {
            reader.define(workspace, read);
            if (readsItself) {
                targets.define(workspace, new TreeMap<>(Map.of(contract.table(), base)));
            }
            if (newest != null && progress != null) {
                changes(workspace, newest, done, sql, contract.table() + " " + progress.reader());
            }
            Batch batch = Batch.select(contract, workspace, sql);
            MergeOutcome outcome = merger.attempt(
                    merger.task(batch, target, id, 0, Map.of(), Set.of()), base, progress, attempt, start);
            if (progress != null && newest != null) {
                String key = contract.table() + " " + progress.reader();
                seen.put(key, progress.version());
                if (SourceChanges.isPastAskedFor(bare(sql))) {
                    before.put(key, newest);
                }
            }
            return outcome;
        }
    }

    /** @param key names the progress */
    private void changes(Workspace workspace, TableSnapshot newest, long done, String sql, String key)
            throws SQLException {
        DeltaTable table = lake.table(newest.table());
        SourceChanges changes = new SourceChanges(contracts.get(newest.table()), table, newest);
        if (done == NEVER) {
            changes.defineAll(workspace);
            return;
        }
        changes.defineSince(workspace, done);
        if (SourceChanges.isPastAskedFor(bare(sql))) {
            TableSnapshot known = before.get(key);
            changes.definePast(workspace, () -> known != null && known.version() == done ? known : table.at(done));
        }
    }

    private static String bare(String sql) {
        return COMMENT.matcher(sql).replaceAll("");
    }

    /**
     * The version of its source up to which a transform has brought its target; -1 when it never ran.
     *
     * @param id of the transform
     */
    public long progress(String id, TableName target) {
        return done(lake.table(target), reader(id));
    }

    private static String reader(String id) {
        return "wadi-transform:" + id;
    }

    private static final MergeOutcome.Counts NOTHING = new MergeOutcome.Counts(0, 0, 0, 0, 0, 0, 0, 0, 0);

    private long done(DeltaTable target, String reader) {
        Long known = seen.get(target.name() + " " + reader);
        return Math.max(known == null ? NEVER : known, target.progress(reader).orElse(NEVER));
    }

    /** The tables that a SELECT reads, {@code changes} aside. */
    public Set<TableName> tables(String sql) {
        return tablesIn(sql).keySet();
    }

    /** Every table that the SELECT may name. A name in a string opens a table for nothing, which does no harm. */
    private SortedMap<TableName, TableSnapshot> tablesIn(String sql) {
        SortedMap<TableName, TableSnapshot> read = new TreeMap<>();
        for (Matcher names = TABLE.matcher(bare(sql)); names.find(); ) {
            TableName name = new TableName(names.group(1), names.group(2));
            if (contracts.find(name).isPresent()) {
                read.put(name, lake.table(name).latest());
            }
        }
        return read;
    }

    /** The columns that say which row of a table a row is. */
    static List<String> identity(Contract contract) {
        List<String> columns = new ArrayList<>(contract.primaryKey());
        if (contract.merging().history()) {
            columns.add(Contract.START_AT);
        }
        if (contract.merging().systemSequenceBy() != null) {
            columns.add(Contract.SYSTEM_START_AT);
        }
        return columns;
    }
}
