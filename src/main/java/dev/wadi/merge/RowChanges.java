package dev.wadi.merge;

import dev.wadi.engine.DuckDb;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Rows;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.FileChanges;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one version changed, numbered in the order of their identity, so that the same version is always told in
 * the same order. They are kept by DuckDB, which spills what does not fit its memory. For one thread.
 */
final class RowChanges implements AutoCloseable {
    private static final String TYPE = Sql.name(ChangeBatch.CHANGE);

    private final Workspace workspace;
    private final TableSnapshot shape;
    private final List<String> columns;
    private final List<String> identity;
    private final Instant committed;
    private final long version;
    private long total;

    private RowChanges(DuckDb duckDb, TableSnapshot shape, List<String> identity, long version, Instant committed) {
        this.workspace = Workspace.open(duckDb);
        this.shape = shape;
        this.columns = shape.columns().stream().map(TableColumn::name).toList();
        this.identity = identity;
        this.version = version;
        this.committed = committed;
    }

    /** All rows of a version, as inserts. */
    static RowChanges whole(DuckDb duckDb, DeltaTable table, TableSnapshot snapshot, List<String> identity)
            throws SQLException {
        RowChanges changes = new RowChanges(duckDb, snapshot, identity, snapshot.version(), snapshot.committed());
        return changes.filled(() ->
                changes.number(changes.all("'insert'", changes.scan(FileScan.live(table, snapshot), "all_files"))));
    }

    /**
     * The rows that a version changed.
     *
     * @param shape has the columns of that version
     * @param identity the columns that say which row a row is: one that was removed and one that was added are the images
     *     of an update; when they are equal in all columns, nothing happened
     */
    static RowChanges of(DuckDb duckDb, DeltaTable table, TableSnapshot shape, List<String> identity, FileChanges files)
            throws SQLException {
        RowChanges changes = new RowChanges(duckDb, shape, identity, files.version(), files.committed());
        return changes.filled(() -> changes.difference(new FileDifference(table, files)));
    }

    /** Fills what {@link #batch} reads. */
    @FunctionalInterface
    private interface Filling {
        void fill() throws SQLException;
    }

    private RowChanges filled(Filling filling) throws SQLException {
        try {
            filling.fill();
            total = workspace.count("SELECT count(*) FROM " + workspace.table("changes"));
            return this;
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void difference(FileDifference difference) throws SQLException {
        FileScan removed = difference.removed(shape);
        FileScan added = difference.added(shape);
        if (removed.isEmpty() || added.isEmpty()) {
            number(
                    added.isEmpty()
                            ? all("'delete'", scan(removed, "removed_files"))
                            : all("'insert'", scan(added, "added_files")));
            return;
        }
        pair(scan(removed, "removed_files"), scan(added, "added_files"));
        number(
                "SELECT if(a.__place IS NULL, 'delete', 'update_preimage') AS %s, r.__place AS __place, %s FROM %s WHERE r.__place IS NOT NULL UNION ALL SELECT if(r.__place IS NULL, 'insert', 'update_postimage'), a.__place, %s FROM %s WHERE a.__place IS NOT NULL"
                        .formatted(
                                TYPE,
                                Batch.list("r", columns),
                                workspace.table("pairs"),
                                Batch.list("a", columns),
                                workspace.table("pairs")));
    }

    /** Puts each removed row beside the added one of the same identity; other writers may have left several of one. */
    private void pair(String removed, String added) throws SQLException {
        String same = identity.stream()
                .map(name -> "__x.%s IS NOT DISTINCT FROM __y.%s".formatted(Sql.name(name), Sql.name(name)))
                .collect(Collectors.joining(" AND "));
        String differs = columns.stream()
                .map(name -> "__x.%s IS DISTINCT FROM __y.%s".formatted(Sql.name(name), Sql.name(name)))
                .collect(Collectors.joining(" OR "));
        workspace.execute(
                "CREATE OR REPLACE TABLE %s AS SELECT __x AS r, __y AS a FROM (%s) __x FULL JOIN (%s) __y ON %s AND __x.__place = __y.__place WHERE __x.__place IS NULL OR __y.__place IS NULL OR %s"
                        .formatted(workspace.table("pairs"), placed(removed), placed(added), same, differs));
    }

    private String placed(String rows) {
        return "SELECT %s, row_number() OVER (PARTITION BY %s ORDER BY t.file_index, t.file_row_number) AS __place FROM (%s) t"
                .formatted(Batch.list("t", columns), Batch.list("t", identity), rows);
    }

    private String all(String type, String rows) {
        return "SELECT %s AS %s, file_index * 4294967296 + file_row_number AS __place, %s FROM (%s) t"
                .formatted(type, TYPE, Batch.list("t", columns), rows);
    }

    private String scan(FileScan files, String side) throws SQLException {
        files.prepare(workspace, side);
        return files.select(workspace.table(side), columns, true);
    }

    /** The images of an update are told one after the other: before, after. */
    private void number(String rows) throws SQLException {
        workspace.execute(
                "CREATE OR REPLACE TABLE %s AS SELECT row_number() OVER (ORDER BY %s, c.__place, c.%s DESC) AS __number, c.%s, %s FROM (%s) c"
                        .formatted(
                                workspace.table("changes"),
                                Batch.list("c", identity),
                                TYPE,
                                TYPE,
                                Batch.list("c", columns),
                                rows));
    }

    long version() {
        return version;
    }

    long total() {
        return total;
    }

    /** The rows after the first {@code offset}, at most {@code most} of them, which is 2 or more; an update is not cut in two. */
    ChangeBatch batch(long offset, int most) throws SQLException {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (PreparedStatement select = workspace
                .session()
                .prepareStatement(
                        "SELECT * EXCLUDE __number FROM %s WHERE __number > ? AND __number <= ? ORDER BY __number"
                                .formatted(workspace.table("changes")))) {
            select.setLong(1, offset);
            select.setLong(2, offset + most);
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    rows.add(row(result));
                }
            }
        }
        if (rows.size() == most && "update_preimage".equals(rows.getLast().get(ChangeBatch.CHANGE))) {
            rows.removeLast();
        }
        return new ChangeBatch(shape.table(), version, committed, offset, offset + rows.size() >= total, rows);
    }

    private Map<String, @Nullable Object> row(ResultSet result) throws SQLException {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int column = 0; column < columns.size(); column++) {
            row.put(columns.get(column), Rows.value(result.getObject(column + 2)));
        }
        row.put(ChangeBatch.CHANGE, result.getString(1));
        row.put(ChangeBatch.VERSION, version);
        row.put(ChangeBatch.TIMESTAMP, committed);
        return row;
    }

    @Override
    public void close() {
        workspace.close();
    }
}
