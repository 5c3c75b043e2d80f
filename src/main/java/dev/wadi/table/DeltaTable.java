package dev.wadi.table;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One Delta table: loads its versions and commits new ones. Thread-safe.
 *
 * <p>The newest version that this process knows is kept in memory and moved on by its own commits; whether another process
 * committed is seen by looking for the next log entry, one file.
 */
public final class DeltaTable {
    /** How Wadi calls itself in the log. */
    static final String ENGINE = "wadi";

    private final TableName name;
    private final TablePlace place;
    private final SnapshotLoader snapshots;
    private final TableHistory history;
    private final TableChanges changes;
    private final DeletionVectors vectors;
    private final TableFounding founding;
    private final TableCommits commits;
    private final Holds holds = new Holds();
    /** How far readers have got, by their name, as far as it was asked for since the newest version was loaded. */
    private final Map<String, Long> progress = new ConcurrentHashMap<>();

    private final Object loading = new Object();
    private volatile @Nullable TableSnapshot newest;

    DeltaTable(TablePlace place, LogCheck check, Executor background) {
        NotedCommitter committer = new NotedCommitter();
        CommitHooks hooks = new CommitHooks(place, background);
        this.name = place.name();
        this.place = place;
        this.snapshots = new SnapshotLoader(place, check, committer);
        this.history = new TableHistory(place);
        this.changes = new TableChanges(place);
        this.vectors = new DeletionVectors(place);
        this.founding = new TableFounding(place, snapshots, hooks);
        this.commits = new TableCommits(place, snapshots, committer, vectors, hooks);
    }

    public TableName name() {
        return name;
    }

    boolean exists() {
        return place.exists();
    }

    /**
     * Creates the table when it is not there, and gives it what its contract has gained since: columns, wider types, deletion
     * vectors.
     *
     * @throws TableException when the contract asks for what the table cannot become
     */
    void ensure(Contract contract) {
        founding.ensure(contract);
    }

    /** @throws TableException when {@link #ensure} would be refused what the contract asks for */
    void check(Contract contract) {
        founding.check(contract);
    }

    /** Makes it possible to commit {@link Change#domains}, for a table whose contract alone does not ask for it. */
    public void remembering() {
        for (int attempt = 1; !latest().properties().containsKey(TableFounding.REMEMBERS); attempt++) {
            founding.remember(attempt);
        }
    }

    /** The newest version. Cheap when nothing was committed since the last call. */
    public TableSnapshot latest() {
        TableSnapshot known = newest;
        if (known != null && !place.hasEntry(known.version() + 1)) {
            return known;
        }
        synchronized (loading) {
            known = newest;
            if (known != null && !place.hasEntry(known.version() + 1)) {
                return known;
            }
            TableSnapshot loaded = snapshots.load(null);
            progress.clear();
            newest = loaded;
            return loaded;
        }
    }

    /** What DuckDB's words mean when a write failed by a file of this table; empty when they are about none. */
    Optional<TableException> explain(SQLException failure) {
        TableSnapshot known = newest;
        return known == null ? Optional.empty() : TableErrors.ofWriting(known, failure);
    }

    /** @throws NoSuchVersionException when the version is not there; whether its files are, {@link #hold} finds out */
    public TableSnapshot at(long version) {
        TableSnapshot known = newest;
        if (known != null && known.version() == version) {
            return known;
        }
        TableSnapshot latest = latest();
        if (latest.version() == version) {
            return latest;
        }
        if (version < 0 || version > latest.version()) {
            throw noSuch("%s has no version %d".formatted(name, version));
        }
        if (version < place.log().oldest()) {
            throw noSuch("%s version %d is past: its log entries were cleaned up".formatted(name, version));
        }
        return snapshots.load(version);
    }

    /**
     * The newest version that was committed at {@code time} or before.
     *
     * @throws NoSuchVersionException when all that are left are younger
     */
    public TableSnapshot at(Instant time) {
        return at(history.at(time, latest()));
    }

    /**
     * What was done to the table, newest first. A commit whose log entry was cleaned up is missing.
     *
     * @param offset commits to skip first
     */
    public History history(int limit, long offset) {
        return history.newestFirst(limit, offset);
    }

    /** The commit that put a file into the table, by the name that it has there; empty when its log entry was cleaned up. */
    public Optional<Commit> added(DataFile file) {
        return history.added(file);
    }

    /** @param total how many commits the log still has, of which {@code commits} is a part */
    public record History(List<Commit> commits, long total) {}

    /**
     * Keeps the files of a version while somebody reads it.
     *
     * @throws NoSuchVersionException when some of them are gone already
     */
    public Hold hold(TableSnapshot snapshot) {
        Hold hold = holds.hold(snapshot);
        boolean kept = false;
        try {
            TableSnapshot known = newest;
            boolean newestOfAll = known != null && known.version() == snapshot.version();
            if (!newestOfAll && !Vacuum.paths(snapshot).stream().allMatch(place::has)) {
                throw noSuch("%s version %d is past: files of it were vacuumed".formatted(name, snapshot.version()));
            }
            kept = true;
            return hold;
        } finally {
            if (!kept) {
                hold.close();
            }
        }
    }

    private NoSuchVersionException noSuch(String problem) {
        return history.noSuch(latest(), problem);
    }

    /**
     * Deletes the files in the table's folder that no version within the retention has, nobody in this process reads, and
     * no write under way can have made.
     *
     * @param retention for how long versions stay readable
     * @param safetyAge how old a file that no log entry names must be
     * @param dryRun whether only to say what would be deleted
     */
    public Vacuumed vacuum(Duration retention, Duration safetyAge, boolean dryRun) {
        try {
            return new Vacuum(place, latest(), holds, retention, safetyAge).run(dryRun);
        } catch (IOException e) {
            throw new TableException(
                    "%s could not be vacuumed in %s: %s. What was deleted by then nobody needs; run it again"
                            .formatted(name, place.folder(), e),
                    e);
        }
    }

    /** The rows that are marked as deleted in a file of this table; empty when it has no vector. Do not add to it: copy it. */
    public DeletedRows deleted(DataFile file) {
        return vectors.of(file, newest);
    }

    /** How far {@code reader} has got, as recorded by {@link Change.Progress}; empty when it never committed. */
    public OptionalLong progress(String reader) {
        Long known = progress.get(reader);
        if (known != null) {
            return OptionalLong.of(known);
        }
        Optional<Long> stored = snapshots.progress(reader);
        stored.ifPresent(version -> progress.put(reader, version));
        return stored.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /**
     * The files that brought rows into the table after version {@code after}, up to and including {@code upTo}, by
     * version. A row that was updated in several of the versions is in several files.
     */
    public NavigableMap<Long, List<DataFile>> upserts(long after, long upTo) {
        return changes.upserts(after, upTo);
    }

    /**
     * What the commit of a version did to the files. Whether they are still there, {@link #require} finds out.
     *
     * @throws NoSuchVersionException when its log entry is not there
     */
    public FileChanges changes(long version) {
        if (!place.hasEntry(version)) {
            throw noSuch("%s version %d is past: its log entry was cleaned up".formatted(name, version));
        }
        return changes.of(version, !latest().partitionColumns().isEmpty(), this::at);
    }

    /**
     * Makes sure that files of a version, and their deletion vectors, are still there.
     *
     * @throws NoSuchVersionException when some of them are not
     */
    public void require(long version, Collection<DataFile> files) {
        for (DataFile file : files) {
            for (String path : Vacuum.paths(place.folder(), file)) {
                if (!place.has(path)) {
                    throw noSuch("%s version %d cannot be read: %s, a file that it has, was vacuumed"
                            .formatted(name, version, path));
                }
            }
        }
    }

    /**
     * Commits {@code change} as the version right after {@code base}. Any commit in between is a conflict, also one that
     * Kernel could slip past, because a merge has looked for its keys in {@code base} only.
     *
     * @return the new version
     * @throws CommitConflictException when {@code base} is not the newest version any more
     * @throws TableException when the log cannot be written; whether the commit exists is then found out by the next load
     */
    public TableSnapshot commit(TableSnapshot base, Change change) throws CommitConflictException {
        return commits.commit(base, change, committed -> {
            Change.Progress read = change.progress();
            if (read != null) {
                progress.put(read.reader(), read.version());
            }
            changes.remember(committed.snapshot().version(), committed.brought());
            synchronized (loading) {
                newest = committed.snapshot();
            }
        });
    }
}
