package dev.wadi.table;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.store.Store;
import io.delta.kernel.CommitRangeBuilder;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.InvalidTableException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.transaction.CreateTableTransactionBuilder;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.transaction.UpdateTableTransactionBuilder;
import io.delta.kernel.utils.CloseableIterable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Delta table: loads its versions and commits new ones. Thread-safe.
 *
 * <p>The newest version that this process knows is kept in memory and moved on by its own commits; whether another process
 * committed is seen by looking for the next log entry, one file.
 */
public final class DeltaTable {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaTable.class);
    private static final String ENGINE = "wadi";
    private static final String VECTORS = "delta.enableDeletionVectors";
    /** The property of a table that has the feature {@link #DOMAINS}: features themselves are not among the properties. */
    private static final String REMEMBERS = "wadi.remembers";

    private static final String DOMAINS = "delta.feature.domainMetadata";
    private static final String WIDENING = "delta.enableTypeWidening";
    /** How often the columns are changed anew when other commits come first. */
    private static final int MOST_EVOLUTIONS = 100;

    /** How many of the latest versions' upserts are kept in memory for readers of changes. */
    private static final int REMEMBERED_VERSIONS = 256;

    private static final int SNAPSHOTS_REUSED = 50;
    /** How many deletion vectors are kept in memory. */
    private static final int REMEMBERED_VECTORS = 4096;

    private final TableName name;
    private final String folder;
    private final Store store;
    private final Engine engine;
    private final LogCheck check;
    private final Executor background;
    private final Object loading = new Object();
    private final NavigableMap<Long, List<DataFile>> upserts = new TreeMap<>();
    private final Map<String, DeletedRows> vectors = Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DeletedRows> eldest) {
            return size() > REMEMBERED_VECTORS;
        }
    });
    private final Map<String, Long> progress = new ConcurrentHashMap<>();
    private final NotedCommitter committer = new NotedCommitter();
    /** Who reads which version in this process. */
    private final Map<Object, Reader> held = new IdentityHashMap<>();

    private volatile @Nullable TableSnapshot newest;
    /** What Kernel made of the last commit: the next one starts from it, once, without reading the log. */
    private final AtomicReference<@Nullable Snapshot> afterCommit = new AtomicReference<>();

    DeltaTable(TableName name, String folder, Store store, Engine engine, LogCheck check, Executor background) {
        this.name = name;
        this.folder = folder;
        this.store = store;
        this.engine = engine;
        this.check = check;
        this.background = background;
    }

    public TableName name() {
        return name;
    }

    private String logEntry(long version) {
        return "%s/_delta_log/%020d.json".formatted(folder, version);
    }

    boolean exists() {
        return stored(logEntry(0)) || stored(folder + "/_delta_log/_last_checkpoint");
    }

    private boolean stored(String path) {
        try {
            return store.exists(path);
        } catch (UncheckedIOException e) {
            throw TableErrors.notLoaded(name, null, folder, e);
        }
    }

    /**
     * Creates the table when it is not there, and gives it what its contract has gained since: columns, wider types, deletion
     * vectors.
     *
     * @throws TableException when the contract asks for what the table cannot become
     */
    void ensure(Contract contract) {
        if (!exists()) {
            create(contract);
        }
        int attempt = 1;
        while (!evolve(contract, attempt)) {
            attempt++;
        }
    }

    /** Whether another commit took the version. Kernel says it has used up its retries of any failure, a full disk too. */
    private static boolean isConflict(RuntimeException e) {
        return e instanceof ConcurrentWriteException
                || (e instanceof MaxCommitRetryLimitReachedException
                        && e.getCause() instanceof CommitFailedException failed
                        && failed.isConflict());
    }

    /** Makes it possible to commit {@link Change#domains}, for a table whose contract alone does not ask for it. */
    public void remembering() {
        for (int attempt = 1; !latest().properties().containsKey(REMEMBERS); attempt++) {
            Snapshot snapshot = snapshotAt(null);
            try {
                commit(snapshot.buildUpdateTableTransaction(ENGINE, Operation.MANUAL_UPDATE)
                        .withTablePropertiesAdded(Map.of(REMEMBERS, "true", DOMAINS, "supported")));
            } catch (RuntimeException e) {
                if (!isConflict(e) || attempt == MOST_EVOLUTIONS) {
                    throw TableErrors.notWritten(name, snapshot.getVersion() + 1, folder, e);
                }
            }
        }
    }

    /** False when there is more to do, or another commit came first. */
    private boolean evolve(Contract contract, int attempt) {
        Snapshot snapshot = snapshotAt(null);
        Map<String, String> properties = snapshot.getTableProperties();
        Evolution evolution =
                new Evolution(contract, snapshot.getSchema(), snapshot.getPartitionColumnNames(), properties);
        Map<String, String> added = new TreeMap<>();
        if (contract.deletionVectors() && !"true".equals(properties.get(VECTORS))) {
            added.put(VECTORS, "true");
        }
        if ((contract.deletionVectors() || evolution.widens()) && isUnmapped(properties)) {
            added.put(DeltaTypes.MAPPING, "name");
        }
        if (evolution.widens() && !"true".equals(properties.get(WIDENING))) {
            added.put(WIDENING, "true");
        }
        if (remembers(contract) && !properties.containsKey(REMEMBERS)) {
            added.put(REMEMBERS, "true");
            added.put(DOMAINS, "supported");
        }
        if (evolution.isEmpty() && added.isEmpty()) {
            return true;
        }
        refuseToEvolve(contract, evolution, snapshot);
        if (!properties.containsKey(Evolution.KEY)) {
            added.put(Evolution.KEY, String.join(",", contract.primaryKey()));
        }
        try {
            if (added.containsKey(DeltaTypes.MAPPING)) {
                // Kernel changes the schema of a table only when its columns are mapped already
                commit(snapshot.buildUpdateTableTransaction(ENGINE, Operation.MANUAL_UPDATE)
                        .withTablePropertiesAdded(added));
                return false;
            }
            UpdateTableTransactionBuilder builder =
                    snapshot.buildUpdateTableTransaction(ENGINE, Operation.MANUAL_UPDATE);
            if (!added.isEmpty()) {
                builder = builder.withTablePropertiesAdded(added);
            }
            commit(evolution.isEmpty() ? builder : builder.withUpdatedSchema(evolution.schema()));
            LOG.info("{} {}", name, evolution.isEmpty() ? "gained " + added.keySet() : evolution);
            return true;
        } catch (RuntimeException e) {
            if (!isConflict(e)) {
                throw e instanceof KernelException && !(e instanceof MaxCommitRetryLimitReachedException)
                        ? new TableException(
                                "%s cannot become what its contract (%s) says: %s. Give the table a new name and fill it again, or undo the change in the contract"
                                        .formatted(name, contract.file(), e.getMessage()),
                                e)
                        : TableErrors.notWritten(name, snapshot.getVersion() + 1, folder, e);
            }
            if (attempt == MOST_EVOLUTIONS) {
                throw new TableException(
                        "%s: its columns could not be changed, because another commit came first %d times. Start again when fewer rows come in"
                                .formatted(name, attempt),
                        e);
            }
            return false;
        }
    }

    private static boolean isUnmapped(Map<String, String> properties) {
        return properties.getOrDefault(DeltaTypes.MAPPING, "none").equals("none");
    }

    private void refuseToEvolve(Contract contract, Evolution evolution, Snapshot snapshot) {
        if (!contract.deletionVectors() && isUnmapped(snapshot.getTableProperties()) && !evolution.isEmpty()) {
            throw new TableException(
                    ("%s cannot be changed as its contract (%s) says: %s. With 'deletionVectors: false' the table stays one"
                                    + " that the oldest readers know, and those know no changed columns. Write 'deletionVectors: true',"
                                    + " or give the table a new name and fill it again")
                            .formatted(name, contract.file(), evolution));
        }
        if (evolution.beginsHistory() && load(snapshot.getVersion()).rows() > 0) {
            throw new TableException(
                    ("%s has rows without a history, but its contract (%s) asks for one. What was before is not known any more:"
                                    + " give the table a new name and fill it again, or leave out scdType and systemSequenceBy")
                            .formatted(name, contract.file()));
        }
    }

    private void commit(UpdateTableTransactionBuilder builder) {
        TransactionCommitResult result =
                builder.withMaxRetries(0).build(engine).commit(engine, CloseableIterable.emptyIterable());
        invoke(result.getPostCommitHooks(), result.getVersion());
    }

    /** Whether merges keep what is gone in domain metadata. */
    private static boolean remembers(Contract contract) {
        return contract.merging().deleteWhen() != null
                || contract.merging().truncateWhen() != null
                || !contract.merging().trackHistoryExcept().isEmpty();
    }

    private void create(Contract contract) {
        Map<String, String> properties = new HashMap<>();
        properties.put("delta.checkpointInterval", "100");
        properties.put(Evolution.KEY, String.join(",", contract.primaryKey()));
        if (contract.deletionVectors()) {
            properties.put(VECTORS, "true");
            properties.put(DeltaTypes.MAPPING, "name");
        }
        properties.put(
                Evolution.COLUMNS, contract.stored().stream().map(Column::name).collect(Collectors.joining(",")));
        if (remembers(contract)) {
            properties.put(REMEMBERS, "true");
            properties.put(DOMAINS, "supported");
        }
        CreateTableTransactionBuilder builder = TableManager.buildCreateTableTransaction(
                        folder, DeltaTypes.schema(contract, contract.deletionVectors()), ENGINE)
                .withTableProperties(properties);
        if (!contract.partitionBy().isEmpty()) {
            builder = builder.withDataLayoutSpec(DataLayoutSpec.partitioned(contract.partitionBy().stream()
                    .map(io.delta.kernel.expressions.Column::new)
                    .toList()));
        }
        try {
            TransactionCommitResult result = builder.build(engine).commit(engine, CloseableIterable.emptyIterable());
            invoke(result.getPostCommitHooks(), result.getVersion());
        } catch (io.delta.kernel.exceptions.TableAlreadyExistsException | ConcurrentWriteException e) {
            LOG.debug("{} was created by another process at the same time", name, e);
        } catch (InvalidTableException e) {
            throw TableErrors.notLoaded(name, null, folder, e); // there is a log, but not from its beginning
        } catch (RuntimeException e) {
            if (!isConflict(e)) {
                throw TableErrors.notWritten(name, 0, folder, e);
            }
        }
    }

    /** The newest version. Cheap when nothing was committed since the last call. */
    public TableSnapshot latest() {
        TableSnapshot known = newest;
        if (known != null && !stored(logEntry(known.version() + 1))) {
            return known;
        }
        synchronized (loading) {
            known = newest;
            if (known != null && !stored(logEntry(known.version() + 1))) {
                return known;
            }
            TableSnapshot loaded = load(null);
            progress.clear();
            newest = loaded;
            return loaded;
        }
    }

    /** What DuckDB's words mean when they are about a file of this table; empty when they are not. */
    Optional<TableException> explain(SQLException failure) {
        TableSnapshot known = newest;
        return known == null ? Optional.empty() : TableErrors.ofEngine(known, failure);
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
        if (version < log().oldest()) {
            throw noSuch("%s version %d is past: its log entries were cleaned up".formatted(name, version));
        }
        return load(version);
    }

    /**
     * The newest version that was committed at {@code time} or before.
     *
     * @throws NoSuchVersionException when all that are left are younger
     */
    public TableSnapshot at(Instant time) {
        TableSnapshot latest = latest();
        TableLog log = log();
        List<TableLog.Entry> entries = log.entries();
        Instant first = latest.committed();
        // Newest first: most ask for a time not long ago, and a commit may say another time than its file.
        for (int index = entries.size() - 1; index >= 0; index--) {
            Commit commit = commit(log, entries.get(index));
            if (commit != null
                    && commit.version() <= latest.version()
                    && !commit.timestamp().isAfter(time)) {
                return at(commit.version());
            }
            first = commit == null ? first : commit.timestamp();
        }
        throw noSuch("%s has no version that was committed at %s or before: the first that the log has is of %s"
                .formatted(name, time, first));
    }

    private TableLog log() {
        try {
            return TableLog.list(store, folder);
        } catch (IOException e) {
            throw new TableException("%s: the log in %s/_delta_log cannot be listed: %s".formatted(name, folder, e), e);
        }
    }

    private @Nullable Commit commit(TableLog log, TableLog.Entry entry) {
        try {
            return log.commit(entry);
        } catch (IOException e) {
            throw new TableException(
                    "%s: the log entry %s cannot be read: %s. Restore it from a copy"
                            .formatted(name, entry.path(), e.getMessage()),
                    e);
        }
    }

    /**
     * What was done to the table, newest first. A commit whose log entry was cleaned up is missing.
     *
     * @param offset commits to skip first
     */
    public History history(int limit, long offset) {
        TableLog log = log();
        List<TableLog.Entry> entries = log.entries();
        List<Commit> commits = new ArrayList<>();
        for (long index = entries.size() - 1 - offset; index >= 0 && commits.size() < limit; index--) {
            Commit commit = commit(log, entries.get((int) index));
            if (commit != null) {
                commits.add(commit);
            }
        }
        return new History(commits, entries.size());
    }

    /** @param total how many commits the log still has, of which {@code commits} is a part */
    public record History(List<Commit> commits, long total) {}

    /**
     * Keeps the files of a version while somebody reads it.
     *
     * @throws NoSuchVersionException when some of them are gone already
     */
    public Hold hold(TableSnapshot snapshot) {
        Object holder = new Object();
        synchronized (held) {
            held.put(holder, new Reader(snapshot));
        }
        Hold hold = new Hold(() -> {
            synchronized (held) {
                held.remove(holder);
            }
        });
        TableSnapshot known = newest;
        boolean newestOfAll = known != null && known.version() == snapshot.version();
        if (!newestOfAll && !whole(snapshot)) {
            hold.close();
            throw noSuch("%s version %d is past: files of it were vacuumed".formatted(name, snapshot.version()));
        }
        return hold;
    }

    private boolean whole(TableSnapshot snapshot) {
        return Vacuum.paths(snapshot).stream()
                .allMatch(path -> stored(path.startsWith("/") ? path : folder + "/" + path));
    }

    private NoSuchVersionException noSuch(String problem) {
        long newestOfAll = latest().version();
        return new NoSuchVersionException(problem, oldestReadable(), newestOfAll);
    }

    /** From which version on all can be read: the last that took out a file which is not there any more, else the log's first. */
    private long oldestReadable() {
        TableLog log = log();
        try {
            for (TableLog.Entry entry : log.entries().reversed()) {
                if (Vacuum.removesWhatIsGone(store, folder, log, entry)) {
                    return entry.version();
                }
            }
            return log.oldest();
        } catch (IOException e) {
            throw new TableException("%s: the log in %s/_delta_log cannot be read: %s".formatted(name, folder, e), e);
        }
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
        TableSnapshot latest = latest();
        List<TableSnapshot> readers;
        synchronized (held) {
            readers = held.values().stream().map(Reader::snapshot).toList();
        }
        try {
            List<String> gone = new ArrayList<>();
            long bytes = 0;
            int kept = 0;
            for (Store.Entry file :
                    new Vacuum(store, latest, retention, safetyAge, System.currentTimeMillis()).candidates(readers)) {
                String path = file.path().substring(folder.length() + 1);
                if (delete(path, dryRun)) {
                    gone.add(path);
                    bytes += file.bytes();
                } else {
                    kept++;
                }
            }
            return new Vacuumed(name, latest.version(), retention, List.copyOf(gone), bytes, kept, dryRun);
        } catch (IOException e) {
            throw new TableException(
                    "%s could not be vacuumed in %s: %s. What was deleted by then nobody needs; run it again"
                            .formatted(name, folder, e),
                    e);
        }
    }

    /** Returns false when somebody reads the file. Who comes when it is gone is told so by {@link #hold}. */
    private boolean delete(String path, boolean dryRun) throws IOException {
        synchronized (held) {
            for (Reader reader : held.values()) {
                if (reader.paths().contains(path)) {
                    return false;
                }
            }
            if (!dryRun) {
                store.delete(folder + "/" + path);
            }
            return true;
        }
    }

    /** Somebody who reads a version; the paths of its files are looked up when a vacuum first asks. */
    private static final class Reader {
        private final TableSnapshot snapshot;
        private @Nullable Set<String> paths;

        Reader(TableSnapshot snapshot) {
            this.snapshot = snapshot;
        }

        TableSnapshot snapshot() {
            return snapshot;
        }

        Set<String> paths() {
            Set<String> known = paths;
            if (known == null) {
                known = Vacuum.paths(snapshot);
                paths = known;
            }
            return known;
        }
    }

    @FunctionalInterface
    private interface LogReading<T> {
        T run() throws IOException;
    }

    /** Reads the log, again without them when there are torn checkpoints. */
    private <T> T reading(@Nullable Long version, LogReading<T> work) {
        try {
            return work.run();
        } catch (TableException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (check.hideTornCheckpoints()) {
                return reading(version, work);
            }
            throw TableErrors.notLoaded(
                    name, version, folder, check.damagedEntry(e).orElse(e));
        }
    }

    private Snapshot snapshotAt(@Nullable Long version) {
        return reading(version, () -> build(version));
    }

    private Snapshot build(@Nullable Long version) {
        SnapshotBuilder builder = TableManager.loadSnapshot(folder).withCommitter(committer);
        return (version == null ? builder : builder.atVersion(version)).build(engine);
    }

    private TableSnapshot load(@Nullable Long version) {
        return reading(version, () -> {
            Snapshot snapshot = build(version);
            return new TableSnapshot(
                    name,
                    folder,
                    snapshot.getVersion(),
                    Instant.ofEpochMilli(snapshot.getTimestamp(engine)),
                    DeltaTypes.columns(
                            snapshot.getSchema(), snapshot.getTableProperties().get(DeltaTypes.MAPPING)),
                    List.copyOf(snapshot.getPartitionColumnNames()),
                    Collections.unmodifiableMap(KernelActions.files(engine, snapshot)),
                    Map.copyOf(snapshot.getTableProperties()),
                    KernelActions.domains(snapshot, TableSnapshot.DOMAINS),
                    DeltaTypes.inEveryFile(snapshot.getSchema(), snapshot.getTableProperties()));
        });
    }

    /** The rows that are marked as deleted in a file of this table; empty when it has no vector. Do not add to it: copy it. */
    public DeletedRows deleted(DataFile file) {
        DeletionVector vector = file.vector();
        if (vector == null) {
            return new DeletedRows();
        }
        return vectors.computeIfAbsent(vector.id(), id -> {
            try {
                return KernelActions.read(engine, folder, vector);
            } catch (RuntimeException e) {
                throw TableErrors.vectorNotRead(
                        name,
                        newest,
                        folder,
                        file,
                        KernelActions.location(folder, vector).orElse("(in the log)"),
                        e);
            }
        });
    }

    /** How far {@code reader} has got, as recorded by {@link Change.Progress}; empty when it never committed. */
    public OptionalLong progress(String reader) {
        Long known = progress.get(reader);
        if (known != null) {
            return OptionalLong.of(known);
        }
        Optional<Long> stored = reading(null, () -> build(null).getLatestTransactionVersion(engine, reader));
        stored.ifPresent(version -> progress.put(reader, version));
        return stored.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /**
     * The files that brought rows into the table after version {@code after}, up to and including {@code upTo}, by
     * version. A row that was updated in several of the versions is in several files.
     */
    public NavigableMap<Long, List<DataFile>> upserts(long after, long upTo) {
        synchronized (upserts) {
            if (!upserts.isEmpty() && upserts.firstKey() <= after + 1 && upserts.lastKey() >= upTo) {
                return new TreeMap<>(upserts.subMap(after, false, upTo, true));
            }
        }
        try {
            return KernelActions.upserts(
                    engine,
                    TableManager.loadCommitRange(folder, CommitRangeBuilder.CommitBoundary.atVersion(after + 1))
                            .withEndBoundary(CommitRangeBuilder.CommitBoundary.atVersion(upTo))
                            .build(engine));
        } catch (IOException | RuntimeException e) {
            throw new TableException(
                    "%s: the changes of versions %d to %d cannot be read: %s. Log entries that old may have been cleaned up"
                            .formatted(name, after + 1, upTo, e.getMessage()),
                    e);
        }
    }

    /**
     * What the commit of a version did to the files. Whether they are still there, {@link #require} finds out.
     *
     * @throws NoSuchVersionException when its log entry is not there
     */
    public FileChanges changes(long version) {
        if (!store.exists(logEntry(version))) {
            throw noSuch("%s version %d is past: its log entry was cleaned up".formatted(name, version));
        }
        FileChanges changes;
        try {
            changes = KernelActions.changes(
                    engine,
                    TableManager.loadCommitRange(folder, CommitRangeBuilder.CommitBoundary.atVersion(version))
                            .withEndBoundary(CommitRangeBuilder.CommitBoundary.atVersion(version))
                            .build(engine));
        } catch (IOException | RuntimeException e) {
            throw new TableException(
                    "%s: what version %d changed cannot be read from %s: %s. Restore the log entry from a copy"
                            .formatted(name, version, logEntry(version), e.getMessage()),
                    e);
        }
        boolean partitioned = !latest().partitionColumns().isEmpty();
        return changes.removed().values().stream().anyMatch(file -> isVague(file, partitioned))
                ? told(changes, at(version - 1))
                : changes;
    }

    /** Whether a removal says too little to read the file: writers need not repeat what the version before has. */
    private static boolean isVague(DataFile file, boolean partitioned) {
        return file.rows() < 0 && file.vector() != null
                || partitioned && file.partition().isEmpty();
    }

    private static FileChanges told(FileChanges changes, TableSnapshot before) {
        Map<String, DataFile> removed = new LinkedHashMap<>(changes.removed());
        removed.replaceAll((path, file) -> before.files().getOrDefault(path, file));
        return new FileChanges(
                changes.version(), changes.committed(), changes.rows(), changes.columns(), removed, changes.added());
    }

    /**
     * Makes sure that files of a version, and their deletion vectors, are still there.
     *
     * @throws NoSuchVersionException when some of them are not
     */
    public void require(long version, Collection<DataFile> files) {
        for (DataFile file : files) {
            for (String path : Vacuum.paths(folder, file)) {
                if (!store.exists(path.startsWith("/") ? path : folder + "/" + path)) {
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
        Snapshot snapshot = forCommitAfter(base);
        if (snapshot.getVersion() != base.version()) {
            throw new CommitConflictException(
                    "%s is at version %d, not %d any more".formatted(name, snapshot.getVersion(), base.version()));
        }
        try {
            return commit(base, snapshot, change);
        } catch (IOException e) {
            throw TableErrors.notWritten(name, base.version() + 1, folder, e);
        } catch (RuntimeException e) {
            if (isConflict(e)) {
                throw new CommitConflictException(
                        "%s: another commit took version %d".formatted(name, base.version() + 1), e);
            }
            throw TableErrors.notWritten(name, base.version() + 1, folder, e);
        }
    }

    /** A snapshot that no transaction has used: Kernel's own cannot be used twice. */
    private Snapshot forCommitAfter(TableSnapshot base) {
        Snapshot known = afterCommit.getAndSet(null);
        // Without reading the log now and then, checkpoints would never be seen, and each commit carries all since the
        // last.
        boolean fresh = base.version() % SNAPSHOTS_REUSED != 0;
        return known != null && fresh && known.getVersion() == base.version() ? known : snapshotAt(null);
    }

    private TableSnapshot commit(TableSnapshot base, Snapshot snapshot, Change change) throws IOException {
        UpdateTableTransactionBuilder builder =
                snapshot.buildUpdateTableTransaction(ENGINE, Operation.WRITE).withMaxRetries(0);
        Change.Progress read = change.progress();
        if (read != null) {
            builder = builder.withTransactionId(read.reader(), read.version());
        }
        Transaction transaction = builder.build(engine);
        long now = System.currentTimeMillis();
        Map<String, DataFile> files = new LinkedHashMap<>(base.files());
        List<Row> actions = new ArrayList<>();
        for (String path : change.removed()) {
            actions.add(KernelActions.remove(live(files.remove(path), path), !change.rearranges()));
        }
        List<DataFile> brought = new ArrayList<>();
        for (DataFile file : change.restored()) {
            actions.add(KernelActions.add(file, !change.rearranges()));
            files.put(file.path(), file);
            DataFile old = base.files().get(file.path());
            if (old == null || old.liveRows() < file.liveRows()) {
                brought.add(file);
            }
        }
        KernelActions.VectorFile marks = vectors(change.deleted());
        for (Change.NewFile added : change.added()) {
            DeletionVector vector = marks == null ? null : marks.byPath().get(added.path());
            DataFile file = new DataFile(
                    added.path(),
                    added.partition(),
                    added.bytes(),
                    now,
                    added.rows(),
                    vector == null ? added.stats() : looseBounds(added.stats()),
                    vector);
            actions.add(KernelActions.add(file, !added.moved()));
            files.put(file.path(), file);
            if (!added.moved()) {
                brought.add(file);
            }
        }
        if (marks != null) {
            markDeleted(change.deleted(), marks, base, files, actions);
        }
        change.domains().forEach((domain, content) -> {
            if (content.isEmpty()) {
                transaction.removeDomainMetadata(domain);
            } else {
                transaction.addDomainMetadata(domain, content);
            }
        });
        TransactionCommitResult result =
                committer.noted(change.note(), () -> transaction.commit(engine, KernelActions.actions(actions)));
        afterCommit.set(result.getPostCommitSnapshot().orElse(null));
        if (read != null) {
            progress.put(read.reader(), read.version());
        }
        TableSnapshot next = new TableSnapshot(
                name,
                folder,
                result.getVersion(),
                Instant.ofEpochMilli(now),
                base.columns(),
                base.partitionColumns(),
                Collections.unmodifiableMap(files),
                base.properties(),
                remembered(base.domains(), change.domains()),
                base.inEveryFile());
        remember(next, brought);
        invoke(result.getPostCommitHooks(), result.getVersion());
        return next;
    }

    private static Map<String, String> remembered(Map<String, String> before, Map<String, String> changed) {
        if (changed.isEmpty()) {
            return before;
        }
        Map<String, String> domains = new HashMap<>(before);
        domains.putAll(changed);
        domains.values().removeIf(String::isEmpty);
        return Map.copyOf(domains);
    }

    private static DataFile live(@Nullable DataFile file, String path) {
        if (file == null) {
            throw new IllegalArgumentException(path + " is not a file of the version that the change is based on");
        }
        return file;
    }

    /** Writes vectors; null for none. */
    private KernelActions.@Nullable VectorFile vectors(Map<String, DeletedRows> deleted) throws IOException {
        KernelActions.VectorFile file = KernelActions.vectors(deleted);
        if (file != null) {
            store.putIfAbsent(folder + "/" + file.name(), file.content());
            file.byPath().forEach((path, vector) -> {
                DeletedRows rows = deleted.get(path);
                if (rows != null) {
                    vectors.put(vector.id(), rows);
                }
            });
        }
        return file;
    }

    private static void markDeleted(
            Map<String, DeletedRows> deleted,
            KernelActions.VectorFile marks,
            TableSnapshot base,
            Map<String, DataFile> files,
            List<Row> actions) {
        for (String path : deleted.keySet()) {
            DataFile old = live(files.get(path), path);
            if (!base.files().containsKey(path)) {
                continue; // new, with its marks
            }
            DataFile marked = new DataFile(
                    old.path(),
                    old.partition(),
                    old.bytes(),
                    old.modified(),
                    old.rows(),
                    looseBounds(old.stats()),
                    marks.byPath().get(path));
            actions.add(KernelActions.remove(old, true));
            actions.add(KernelActions.add(marked, true));
            files.put(path, marked);
        }
    }

    /** Minimum and maximum may now belong to deleted rows; Delta wants that said. */
    private static @Nullable String looseBounds(@Nullable String stats) {
        return stats == null || stats.contains("\"tightBounds\"")
                ? stats
                : stats.substring(0, stats.length() - 1) + ",\"tightBounds\":false}";
    }

    private void remember(TableSnapshot next, List<DataFile> brought) {
        synchronized (upserts) {
            if (!upserts.isEmpty() && upserts.lastKey() != next.version() - 1) {
                upserts.clear();
            }
            upserts.put(next.version(), List.copyOf(brought));
            if (upserts.size() > REMEMBERED_VERSIONS) {
                upserts.pollFirstEntry();
            }
        }
        synchronized (loading) {
            newest = next;
        }
    }

    /**
     * Checkpoints and checksums make the next start quicker, so a commit does not wait for them: but for the checksum of a
     * version from which the log is read anew, because each checksum is made from the one before. Where another writer
     * left none, there is none any more: Kernel 4.4 would read the whole log for each commit, and fails on tables that
     * have had deletes.
     */
    private void invoke(List<PostCommitHook> hooks, long version) {
        for (PostCommitHook hook : hooks) {
            switch (hook.getType()) {
                case CHECKSUM_FULL -> LOG.debug("{} v{} has no checksum", name, version);
                case CHECKSUM_SIMPLE -> {
                    if (version % SNAPSHOTS_REUSED == 0) {
                        run(hook);
                    } else {
                        background.execute(() -> run(hook));
                    }
                }
                case CHECKPOINT, LOG_COMPACTION -> background.execute(() -> run(hook));
            }
        }
    }

    private void run(PostCommitHook hook) {
        try {
            long start = System.nanoTime();
            hook.threadSafeInvoke(engine);
            LOG.debug("{}: {} in {} ms", name, hook.getType(), (System.nanoTime() - start) / 1_000_000);
        } catch (IOException | RuntimeException e) {
            // The commit stands without it; the next one tries again.
            LOG.warn("{}: {} after a commit failed: {}", name, hook.getType(), e.getMessage());
        }
    }
}
