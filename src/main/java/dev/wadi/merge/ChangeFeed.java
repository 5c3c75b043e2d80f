package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.FileChanges;
import dev.wadi.table.Hold;
import dev.wadi.table.NoSuchVersionException;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows that each version of a table changed, in the order of the versions, to one reader with a name. What was
 * acknowledged is not delivered again, whatever happens; what was not, is. For one thread.
 */
public final class ChangeFeed implements AutoCloseable {
    private final String name;
    private final DeltaTable table;
    private final DuckDb duckDb;
    private final List<String> identity;
    private final FeedProgress progress;
    private final int batchRows;
    private FeedProgress.Position position;
    /** The position that is stored. */
    private FeedProgress.Position stored;
    /** Has the columns of the version that was looked at last. */
    private @Nullable TableSnapshot shape;
    /** The version that is delivered. */
    private @Nullable RowChanges changes;
    /** What was delivered last and is not acknowledged. */
    private @Nullable ChangeBatch pending;

    private ChangeFeed(
            String name,
            Contract contract,
            DeltaTable table,
            Merger merger,
            FeedProgress progress,
            FeedProgress.Position position,
            int batchRows) {
        this.name = name;
        this.table = table;
        this.duckDb = merger.duckDb();
        this.identity = Transforms.identity(contract);
        this.progress = progress;
        this.position = position;
        this.stored = position;
        this.batchRows = batchRows;
    }

    /** Opens it where it was acknowledged last; where it begins is stored at once, so that a crash does not move it. */
    static ChangeFeed open(String name, Contract contract, FeedStart start, int batchRows, Merger merger) {
        DeltaTable table = merger.lake().table(contract);
        FeedProgress progress = new FeedProgress(merger, name, contract.table());
        try {
            Optional<FeedProgress.Position> known = progress.news();
            if (known.isEmpty()) {
                progress.store(first(start, table));
                known = progress.news().or(() -> Optional.of(first(start, table)));
            }
            return new ChangeFeed(name, contract, table, merger, progress, known.get(), batchRows);
        } catch (SQLException e) {
            throw new MergeException(
                    "The feed %s of %s: how far it is cannot be read from %s: %s"
                            .formatted(name, contract.table(), FeedProgress.TABLE, e.getMessage()),
                    e);
        }
    }

    private static FeedProgress.Position first(FeedStart start, DeltaTable table) {
        long latest = table.latest().version();
        return switch (start) {
            case FeedStart.Snapshot whole -> new FeedProgress.Position(latest, 0, true);
            case FeedStart.Latest next -> new FeedProgress.Position(latest + 1, 0, false);
            case FeedStart.Version(long version) -> {
                if (version > latest + 1) {
                    throw new IllegalArgumentException("startingVersion=%d: the newest version of %s is %d"
                            .formatted(version, table.name(), latest));
                }
                yield new FeedProgress.Position(version, 0, false);
            }
        };
    }

    public TableName table() {
        return table.name();
    }

    /**
     * The first rows that are not acknowledged; the same again until they are. Empty when there are none.
     *
     * @throws MergeException when they cannot be read; nothing is skipped, and the next call tries again
     */
    public Optional<ChangeBatch> next() {
        try {
            if (pending == null) {
                pending = read();
            }
            return Optional.ofNullable(pending);
        } catch (NoSuchVersionException e) {
            throw new MergeException(
                    ("The feed %s of %s cannot go on with version %d: %s. What the versions from %d on changed before that is"
                                    + " lost to it. Give the feed a new name: it then begins with all rows as they are now, or"
                                    + " with its startingVersion. A longer delta.logRetentionDuration and vacuum retention keep"
                                    + " versions for feeds that rest longer")
                            .formatted(name, table.name(), position.version(), e.getMessage(), position.version()),
                    e);
        } catch (SQLException e) {
            throw new MergeException(
                    "The feed %s of %s: the changes of version %d cannot be read: %s"
                            .formatted(name, table.name(), position.version(), e.getMessage()),
                    e);
        }
    }

    private @Nullable ChangeBatch read() throws SQLException {
        catchUp();
        while (true) {
            RowChanges current = changes == null ? open() : changes;
            if (current == null) {
                settle();
                return null;
            }
            changes = current;
            if (position.delivered() < current.total()) {
                return current.batch(position.delivered(), batchRows);
            }
            moveTo(position.nextVersion());
        }
    }

    /** Another process may have delivered more under this name. */
    private void catchUp() throws SQLException {
        Optional<FeedProgress.Position> news = progress.news();
        if (news.isPresent()) {
            stored = news.get();
            if (stored.isAfter(position)) {
                moveTo(stored);
            }
        }
    }

    private void moveTo(FeedProgress.Position next) {
        if (changes != null && changes.version() != next.version()) {
            changes.close();
            changes = null;
        }
        position = next;
    }

    /** The next version that changed rows; null when there is none yet. */
    private @Nullable RowChanges open() throws SQLException {
        long latest = table.latest().version();
        if (position.version() > latest + 1) {
            throw new MergeException(
                    ("The feed %s of %s stands before version %d, and the newest version is %d: the table was made anew."
                                    + " Give the feed a new name")
                            .formatted(name, table.name(), position.version(), latest));
        }
        if (position.whole()) {
            TableSnapshot snapshot = table.at(position.version());
            shape = named(snapshot);
            try (Hold hold = table.hold(snapshot)) {
                return RowChanges.whole(duckDb, table, snapshot, identity);
            }
        }
        while (position.version() <= latest) {
            FileChanges files = table.changes(position.version());
            TableSnapshot columns = shape;
            if (columns == null || files.columns()) {
                columns = named(table.at(position.version()));
                shape = columns;
            }
            if (files.rows()) {
                return RowChanges.of(duckDb, table, columns, identity, files);
            }
            position = position.nextVersion();
        }
        return null;
    }

    private TableSnapshot named(TableSnapshot snapshot) {
        snapshot.columns().forEach(column -> {
            if (List.of(ChangeBatch.CHANGE, ChangeBatch.VERSION, ChangeBatch.TIMESTAMP)
                    .contains(column.name())) {
                throw new MergeException("%s has a column %s, which is what a feed calls its own: rename it"
                        .formatted(table.name(), column.name()));
            }
        });
        return snapshot;
    }

    /** Versions in which no row changed are passed without an acknowledgement; they must not be waited for after a restart. */
    private void settle() {
        if (position.isAfter(stored)) {
            progress.store(position);
            stored = position;
        }
    }

    /**
     * Has what {@link #next} gave last never delivered again, once this returns.
     *
     * @throws MergeException when that could not be made durable
     */
    public void acknowledge() {
        ChangeBatch done = pending;
        if (done == null) {
            throw new IllegalStateException("nothing was delivered");
        }
        FeedProgress.Position next = done.last()
                ? position.nextVersion()
                : position.after(done.rows().size());
        progress.store(next);
        stored = next;
        pending = null;
        moveTo(next);
    }

    @Override
    public void close() {
        if (changes != null) {
            changes.close();
            changes = null;
        }
    }
}
