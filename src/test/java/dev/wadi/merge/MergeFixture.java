package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import dev.wadi.engine.Workspace;
import dev.wadi.index.KeyIndexes;
import dev.wadi.store.LocalStore;
import dev.wadi.store.Store;
import dev.wadi.table.Lake;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A lake in a temporary folder with everything that a merge needs, put together by hand. */
final class MergeFixture implements AutoCloseable {
    private static final long INDEX = 64 << 20;
    /** Rows from which on an index is built beside the merges. */
    private static final long LARGE = 1_000_000;

    final DuckDb duckDb;
    private final boolean ownsDuckDb;
    final Lake lake;
    final Contracts contracts;
    final LakeReader reader;
    final Commits commits = new Commits();
    final Merger merger;
    final Transforms transforms;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    MergeFixture(Path folder, Contract... contracts) {
        this(folder, folder.resolve("spill"), contracts);
    }

    /** Finds keys by scans alone with an index budget of 0. */
    MergeFixture(Path folder, long indexBytes, Contract... contracts) {
        this(folder, new KeyIndexes(indexBytes, LARGE), contracts);
    }

    MergeFixture(Path folder, KeyIndexes indexes, Contract... contracts) {
        this(folder, new LocalStore(), engine(folder.resolve("spill")), true, indexes, contracts);
    }

    MergeFixture(Path folder, Path spill, Contract... contracts) {
        this(folder, new LocalStore(), engine(spill), true, new KeyIndexes(INDEX, LARGE), contracts);
    }

    /** Over a store and an engine that the caller closes. */
    MergeFixture(Path folder, Store store, DuckDb duckDb, Contract... contracts) {
        this(folder, store, duckDb, false, new KeyIndexes(INDEX, LARGE), contracts);
    }

    private static DuckDb engine(Path spill) {
        return new DuckDb("512MB", 2, spill);
    }

    private MergeFixture(
            Path folder, Store store, DuckDb duckDb, boolean ownsDuckDb, KeyIndexes indexes, Contract... contracts) {
        this.contracts = new Contracts(List.of(contracts));
        this.duckDb = duckDb;
        this.ownsDuckDb = ownsDuckDb;
        this.lake = new Lake(store, folder.resolve("lake"), this.contracts);
        this.reader = new LakeReader(duckDb, lake);
        this.merger = new Merger(lake, duckDb, indexes, commits, registry);
        this.transforms = new Transforms(this.contracts, lake, reader, merger);
    }

    /** A table of bookings: key id, order seq, content amount and note. */
    static Contract bookings(WhenMatched whenMatched, boolean deletionVectors, List<String> partitionBy) {
        return contract(
                new TableName("silver", "bookings"),
                List.of(
                        column("id", ColumnType.Simple.STRING, true, false),
                        column("seq", ColumnType.Simple.LONG, whenMatched == WhenMatched.SEQUENCE, false),
                        column("amount", new ColumnType.Decimal(18, 2), false, false),
                        column("note", ColumnType.Simple.STRING, false, false),
                        column("day", ColumnType.Simple.DATE, false, false),
                        column("position", ColumnType.Simple.STRING, false, true)),
                List.of("id"),
                switch (whenMatched) {
                    case SEQUENCE -> Merging.newest(List.of("seq"));
                    case KEEP_FIRST -> Merging.keepFirst();
                    case REPLACE -> Merging.replace();
                },
                partitionBy,
                deletionVectors);
    }

    /** A contract of no more than a merge asks for. */
    static Contract contract(
            TableName table,
            List<Column> columns,
            List<String> key,
            Merging merging,
            List<String> partitionBy,
            boolean deletionVectors) {
        return new Contract(
                table,
                "Test table " + table,
                columns,
                key,
                merging,
                partitionBy,
                List.of(),
                null,
                deletionVectors,
                Path.of(table.name() + ".odcs.yaml"));
    }

    /** A copy of a table in gold, made by one transform. */
    static Contract copy(Contract source) {
        return contract(
                new TableName("gold", "latest"),
                source.columns(),
                source.primaryKey(),
                Merging.replace(),
                List.of(),
                true);
    }

    /** Random events of a key, with a kind that is not stored: it says which are deletes and, maybe, truncates. */
    static Contract kinds(
            TableName table,
            List<Column> sequence,
            List<String> sequenceBy,
            boolean truncates,
            boolean history,
            List<String> partitionBy,
            boolean deletionVectors) {
        List<Column> columns = new ArrayList<>();
        columns.add(column("id", ColumnType.Simple.STRING, true, false));
        columns.addAll(sequence);
        columns.add(column("amount", new ColumnType.Decimal(18, 2), false, false));
        columns.add(column("day", ColumnType.Simple.DATE, true, false));
        columns.add(new Column("kind", ColumnType.Simple.STRING, true, false, false, null, "", null));
        Merging merging = new Merging(
                WhenMatched.SEQUENCE,
                sequenceBy,
                "kind = 'DELETE'",
                truncates ? "kind = 'TRUNCATE'" : null,
                Merging.TOMBSTONE_RETENTION,
                Set.of(),
                history,
                Set.of(),
                null);
        return contract(table, columns, List.of("id"), merging, partitionBy, deletionVectors);
    }

    /** A history in which nothing is deleted; {@link Merging#deleting} says otherwise. */
    static Merging history(List<String> sequenceBy, Set<String> except, @Nullable String systemSequenceBy) {
        return new Merging(
                WhenMatched.SEQUENCE,
                sequenceBy,
                null,
                null,
                Merging.TOMBSTONE_RETENTION,
                Set.of(),
                true,
                except,
                systemSequenceBy);
    }

    static Column column(String name, ColumnType type, boolean required, boolean provenance) {
        return new Column(name, type, required, provenance, name, null);
    }

    /** Merges the rows of a SELECT in a batch of their own. */
    MergeOutcome merge(Contract contract, String select) {
        try (Workspace workspace = Workspace.open(duckDb)) {
            return merger.merge(contract, () -> Batch.select(contract, workspace, select), "test", List.of());
        }
    }

    /** The live rows of a table, columns as text joined by {@code |}, in order. */
    List<String> rows(TableName table, String columns) {
        return rows(table.toString(), table, columns);
    }

    /** @param from what stands behind FROM and reads the table */
    List<String> rows(String from, TableName table, String columns) {
        try (Pin pin = reader.pin(Set.of(table))) {
            return query(pin, "SELECT concat_ws('|', %s) FROM %s ORDER BY 1".formatted(columns, from));
        }
    }

    static List<String> query(Pin pin, String sql) {
        List<String> rows = new ArrayList<>();
        try (Statement statement = pin.connection().createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
        return rows;
    }

    @Override
    public void close() {
        reader.close();
        lake.close();
        if (ownsDuckDb) {
            duckDb.close();
        }
    }
}
