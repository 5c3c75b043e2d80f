package dev.wadi.sql;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.ColumnType.Simple;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Sql;
import dev.wadi.store.LocalStore;
import dev.wadi.table.Change;
import dev.wadi.table.CommitConflictException;
import dev.wadi.table.CommitNote;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A lake with a few tables to ask: {@code gold.orders} with three rows, {@code gold.none} without, {@code silver.secret}. */
public final class SqlLake implements AutoCloseable {
    static final TableName ORDERS = TableName.parse("gold.orders");
    static final TableName NONE = TableName.parse("gold.none");
    static final TableName SECRET = TableName.parse("silver.secret");

    private final Path folder;
    private final Contracts contracts = new Contracts(List.of(contract(ORDERS), contract(NONE), contract(SECRET)));
    private final DuckDb duckDb;
    private final Lake lake;
    private final LakeReader reader;
    private int files;

    public SqlLake(Path folder) {
        this.folder = folder;
        this.duckDb = new DuckDb("256MB", 1, folder.resolve("spill"));
        this.lake = new Lake(new LocalStore(), folder.resolve("la'ke"), contracts);
        this.reader = new LakeReader(duckDb, lake);
        bring(ORDERS, """
                SELECT * FROM (VALUES
                    (1, DATE '2026-01-01', 10.50, 'first', TIMESTAMPTZ '2026-01-01 12:00:00+00'),
                    (2, DATE '2026-01-02', 20.25, NULL, TIMESTAMPTZ '2026-01-02 12:00:00+00'),
                    (3, DATE '2026-01-03', 0.05, 'äöü', NULL)) t(id, day, amount, note, seen)""");
        bring(SECRET, "SELECT 1 AS id, DATE '2026-01-01' AS day, 1 AS amount, 'hush' AS note, NULL AS seen");
    }

    private static Contract contract(TableName table) {
        return new Contract(
                table,
                "Test table " + table,
                List.of(
                        column("id", Simple.LONG),
                        column("day", Simple.DATE),
                        column("amount", new ColumnType.Decimal(18, 2)),
                        column("note", Simple.STRING),
                        column("seen", Simple.TIMESTAMP)),
                List.of("id"),
                Merging.replace(),
                List.of(),
                List.of(),
                null,
                true,
                Path.of(table + ".odcs.yaml"));
    }

    private static Column column(String name, ColumnType type) {
        return new Column(name, type, false, false, "The " + name, null);
    }

    public ForeignSql sql(SqlSettings settings) {
        return new ForeignSql(reader, contracts, settings, folder.resolve("sql"));
    }

    /** Settings with a limit of time and memory. */
    public static SqlSettings settings(String timeout, String memory) {
        return new SqlSettings(
                "0123456789abcdef",
                List.of("gold"),
                java.time.Duration.parse("PT" + timeout),
                1_000,
                memory,
                "64MB",
                20_000,
                2);
    }

    public Contracts contracts() {
        return contracts;
    }

    Path folder() {
        return folder;
    }

    LakeReader reader() {
        return reader;
    }

    /** Commits a file with the rows of a SELECT. */
    void bring(TableName name, String select) {
        DeltaTable table = lake.table(name);
        TableSnapshot base = table.latest();
        Path file = Path.of(base.folder()).resolve("file-%d.parquet".formatted(++files));
        String columns = base.columns().stream().map(SqlLake::stored).collect(Collectors.joining(", "));
        try (Connection session = duckDb.open();
                Statement statement = session.createStatement()) {
            statement.execute("COPY (SELECT %s FROM (%s)) TO %s (FORMAT parquet)"
                    .formatted(columns, select, Sql.text(file.toString())));
            long rows;
            try (var count = statement.executeQuery("SELECT count(*) FROM (%s)".formatted(select))) {
                count.next();
                rows = count.getLong(1);
            }
            Change.NewFile added = new Change.NewFile(
                    file.getFileName().toString(),
                    Map.of(),
                    Files.size(file),
                    rows,
                    "{\"numRecords\":%d}".formatted(rows),
                    false);
            commit(table, base, List.of(added), Map.of());
        } catch (SQLException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String stored(TableColumn column) {
        return "CAST(%s AS %s) AS %s"
                .formatted(Sql.name(column.name()), column.physicalSql(), Sql.name(column.physicalName()));
    }

    private static void commit(
            DeltaTable table, TableSnapshot base, List<Change.NewFile> files, Map<String, DeletedRows> deleted) {
        try {
            table.commit(base, new Change(files, deleted, List.of(), false, null, Map.of(), new CommitNote("WRITE")));
        } catch (CommitConflictException e) {
            throw new AssertionError(e);
        }
    }

    /** Deletes a row of the first file by its number. */
    void delete(TableName name, long row) {
        DeltaTable table = lake.table(name);
        TableSnapshot base = table.latest();
        DeletedRows rows = new DeletedRows();
        rows.add(row);
        String path = base.files().keySet().iterator().next();
        commit(table, base, List.of(), Map.of(path, rows));
    }

    @Override
    public void close() {
        reader.close();
        lake.close();
        duckDb.close();
    }
}
