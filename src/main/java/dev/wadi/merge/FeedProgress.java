package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBAppender;

/**
 * How far a change feed has been delivered: a row of the table {@code wadi.feeds}, ordered by version and rows. So it is as
 * safe as the rows themselves, never goes back, and the table that is followed gets no version from being followed.
 */
final class FeedProgress {
    static final TableName TABLE = new TableName("wadi", "feeds");

    private static final Contract CONTRACT = new Contract(
            TABLE,
            "How far each change feed has been delivered",
            List.of(
                    column("feed", ColumnType.Simple.STRING, false, "name of the feed"),
                    column("source", ColumnType.Simple.STRING, false, "the table that it follows"),
                    column("version", ColumnType.Simple.LONG, false, "the version of it that is delivered next"),
                    column("delivered", ColumnType.Simple.LONG, false, "rows of that version that are delivered"),
                    column("whole", ColumnType.Simple.BOOLEAN, false, "whether all its rows are, not its changes"),
                    column("acknowledged_at", ColumnType.Simple.TIMESTAMP, true, "when it came this far")),
            List.of("feed", "source"),
            Merging.newest(List.of("version", "delivered")),
            List.of(),
            List.of(),
            null,
            true,
            Path.of("built-in"));

    private final Merger merger;
    private final String feed;
    private final TableName source;
    /** The version of {@link #TABLE} that was read last. */
    private long read = -1;

    FeedProgress(Merger merger, String feed, TableName source) {
        this.merger = merger;
        this.feed = feed;
        this.source = source;
    }

    /**
     * The next row to deliver.
     *
     * @param delivered rows of the version that are delivered
     * @param whole whether all rows of the version are delivered, as inserts, not those that it changed
     */
    record Position(long version, long delivered, boolean whole) {
        boolean isAfter(Position other) {
            return version > other.version || version == other.version && delivered > other.delivered;
        }

        Position nextVersion() {
            return new Position(version + 1, 0, false);
        }

        Position after(long rows) {
            return new Position(version, delivered + rows, whole);
        }
    }

    private static Column column(String name, ColumnType type, boolean provenance, String description) {
        return new Column(name, type, !provenance, provenance, description, null);
    }

    /** What is stored; empty when there is nothing, or nothing was written since the last call. */
    Optional<Position> news() throws SQLException {
        DeltaTable table = merger.lake().table(CONTRACT);
        TableSnapshot latest = table.latest();
        if (latest.version() == read) {
            return Optional.empty();
        }
        Optional<Position> stored = load(table, latest);
        read = latest.version();
        return stored;
    }

    private Optional<Position> load(DeltaTable table, TableSnapshot latest) throws SQLException {
        FileScan scan = FileScan.live(table, latest);
        try (Workspace workspace = Workspace.open(merger.duckDb())) {
            scan.prepare(workspace, "feeds");
            String rows = scan.select(
                    workspace.table("feeds"), List.of("feed", "source", "version", "delivered", "whole"), false);
            try (PreparedStatement select = workspace
                    .session()
                    .prepareStatement("SELECT version, delivered, whole FROM (%s) WHERE feed = ? AND source = ?"
                            .formatted(rows))) {
                select.setString(1, feed);
                select.setString(2, source.toString());
                try (ResultSet result = select.executeQuery()) {
                    return result.next()
                            ? Optional.of(new Position(result.getLong(1), result.getLong(2), result.getBoolean(3)))
                            : Optional.empty();
                }
            }
        }
    }

    /** Returns when {@code position} is durable, or one that is further. */
    void store(Position position) {
        try (Workspace workspace = Workspace.open(merger.duckDb())) {
            MergeOutcome outcome =
                    merger.merge(CONTRACT, () -> stage(position, workspace), feed + " of " + source, List.of());
            if (outcome instanceof MergeOutcome.Committed committed && committed.version() == read + 1) {
                read = committed.version();
            }
        }
    }

    private Batch stage(Position position, Workspace workspace) throws SQLException {
        Batch batch = Batch.create(CONTRACT, workspace);
        try (DuckDBAppender rows = workspace.appender("batch")) {
            rows.beginRow();
            rows.append(0L);
            rows.append(feed);
            rows.append(source.toString());
            rows.append(position.version());
            rows.append(position.delivered());
            rows.append(position.whole());
            rows.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
            rows.endRow();
        }
        return batch;
    }
}
