package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.ParquetWriter;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.index.KeyIndexes;
import dev.wadi.table.Change;
import dev.wadi.table.CommitConflictException;
import dev.wadi.table.CommitNote;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import dev.wadi.table.TableSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a table anew: its transforms run from the first row of their sources, into a lake for this alone. What comes out is
 * compared with the table, or takes its place in one commit, so that nobody ever sees an empty table.
 */
public final class Rebuild implements AutoCloseable {
    /** The sources of a busy lake move on meanwhile; each round brings both tables to where they are then. */
    private static final int MOST_ROUNDS = 20;

    private static final int MOST_EXAMPLES = 20;

    private final Contracts contracts;
    private final Lake lake;
    private final LakeReader reader;
    private final DuckDb duckDb;
    private final Merger merger;
    private final Transforms transforms;
    private final Lake scratch;
    private final Transforms anew;

    /** @param folder an empty folder for the tables that are made anew; the caller deletes it */
    public Rebuild(Contracts contracts, Lake lake, DuckDb duckDb, Path folder) {
        this.contracts = contracts;
        this.lake = lake;
        this.duckDb = duckDb;
        this.reader = new LakeReader(duckDb, lake);
        this.merger = alone(lake, duckDb);
        this.transforms = new Transforms(contracts, lake, reader, merger);
        this.scratch = new Lake(lake.store(), folder, contracts);
        this.anew = new Transforms(contracts, lake, reader, alone(scratch, duckDb));
    }

    private static Merger alone(Lake lake, DuckDb duckDb) {
        return new Merger(lake, duckDb, new KeyIndexes(0), new Commits(), new SimpleMeterRegistry());
    }

    /**
     * How a table differs from what its sources say.
     *
     * @param version of the table that was compared
     * @param rows that it should have
     * @param missing rows that it should have and has not
     * @param extra rows that it has and should not have
     * @param different rows that say something else
     * @param examples some of these, each in a line
     */
    public record Comparison(
            TableName table, long version, long rows, long missing, long extra, long different, List<String> examples) {
        public boolean isEqual() {
            return missing + extra + different == 0;
        }
    }

    /**
     * Brings the table up to its sources, as its routes would, makes it anew beside, and compares the two.
     *
     * @param fill the transforms that fill it, all of them
     * @throws MergeException when one of them fails, or the sources never rest
     */
    public Comparison compare(TableName name, List<Transforms.Transform> fill) {
        return merger.exclusively(name, "rebuild", () -> {
            settle(name, fill);
            return compare(lake.table(name).latest());
        });
    }

    /**
     * Like {@link #compare}, and puts what was made anew in the place of the table, when it differs.
     *
     * @return what was different before
     */
    public Comparison replace(TableName name, List<Transforms.Transform> fill) {
        return merger.exclusively(name, "rebuild", () -> {
            for (int attempt = 1; ; attempt++) {
                settle(name, fill);
                TableSnapshot base = lake.table(name).latest();
                Comparison found = compare(base);
                if (found.isEqual()) {
                    return found;
                }
                try {
                    commit(base, found);
                    return found;
                } catch (CommitConflictException e) {
                    merger.conflict(name, attempt, e);
                }
            }
        });
    }

    /** Runs the transforms on both tables until none has anything to do, with the same versions of the sources for both. */
    private void settle(TableName name, List<Transforms.Transform> fill) {
        if (fill.isEmpty()) {
            throw new MergeException("%s is filled by no transform: nothing says how to make it anew".formatted(name));
        }
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Map<TableName, Long> before = versions(fill);
            run(transforms, fill);
            run(anew, fill);
            if (versions(fill).equals(before)) {
                return;
            }
        }
        throw new MergeException(
                "%s: its sources (%s) were written to all the time, so it cannot be said what it should hold. Stop their routes, or run it again later"
                        .formatted(name, versions(fill).keySet()));
    }

    private static void run(Transforms where, List<Transforms.Transform> fill) {
        fill.forEach(where::run);
    }

    private Map<TableName, Long> versions(List<Transforms.Transform> fill) {
        Map<TableName, Long> versions = new TreeMap<>();
        fill.forEach(transform -> Stream.concat(
                        Stream.of(transform.source()), transforms.tables(transform.sql()).stream())
                .filter(table -> !table.equals(transform.target()))
                .forEach(table -> versions.put(table, lake.table(table).latest().version())));
        return versions;
    }

    private Comparison compare(TableSnapshot live) throws SQLException {
        TableName name = live.table();
        Contract contract = contracts.get(name);
        try (Workspace workspace = Workspace.open(duckDb)) {
            view(workspace, "live", lake.table(name), live);
            view(workspace, "anew", scratch.table(name), scratch.table(name).latest());
            String key = Batch.equal("l", "a", contract.primaryKey());
            String some = Sql.name(contract.primaryKey().getFirst());
            List<String> content = compared(contract);
            String differs = content.isEmpty()
                    ? "false"
                    : content.stream()
                            .map(column -> "l.%1$s IS DISTINCT FROM a.%1$s".formatted(Sql.name(column)))
                            .collect(Collectors.joining(" OR "));
            workspace.execute(
                    "CREATE TABLE %1$s AS SELECT CASE WHEN l.%5$s IS NULL THEN 'missing' WHEN a.%5$s IS NULL THEN 'extra' ELSE 'different' END AS what, l, a FROM %2$s l FULL JOIN %3$s a ON %4$s WHERE l.%5$s IS NULL OR a.%5$s IS NULL OR %6$s"
                            .formatted(
                                    workspace.table("differences"),
                                    workspace.table("live"),
                                    workspace.table("anew"),
                                    key,
                                    some,
                                    differs));
            return new Comparison(
                    name,
                    live.version(),
                    workspace.count("SELECT count(*) FROM " + workspace.table("anew")),
                    count(workspace, "missing"),
                    count(workspace, "extra"),
                    count(workspace, "different"),
                    examples(workspace, contract));
        }
    }

    /** The columns that must be equal: where a row came from is no part of what it says. */
    private static List<String> compared(Contract contract) {
        return contract.columns().stream()
                .filter(column -> column.stored()
                        && !column.provenance()
                        && !contract.primaryKey().contains(column.name()))
                .map(Column::name)
                .toList();
    }

    private static void view(Workspace workspace, String view, DeltaTable table, TableSnapshot snapshot)
            throws SQLException {
        FileScan scan = FileScan.live(table, snapshot);
        scan.prepare(workspace, view + "_files");
        List<String> columns =
                snapshot.columns().stream().map(column -> column.name()).toList();
        workspace.execute("CREATE VIEW %s AS %s"
                .formatted(workspace.table(view), scan.select(workspace.table(view + "_files"), columns, false)));
    }

    private static long count(Workspace workspace, String what) throws SQLException {
        return workspace.count(
                "SELECT count(*) FROM %s WHERE what = %s".formatted(workspace.table("differences"), Sql.text(what)));
    }

    private static List<String> examples(Workspace workspace, Contract contract) throws SQLException {
        String columns = compared(contract).stream()
                .map(column ->
                        "if(what = 'different' AND l.%1$s IS DISTINCT FROM a.%1$s, %2$s || coalesce(l.%1$s::VARCHAR, 'null') || ' should be ' || coalesce(a.%1$s::VARCHAR, 'null'), NULL)"
                                .formatted(Sql.name(column), Sql.text(column + " ")))
                .collect(Collectors.joining(", "));
        String key = contract.primaryKey().stream()
                .map(column -> "coalesce(l.%1$s, a.%1$s)::VARCHAR".formatted(Sql.name(column)))
                .collect(Collectors.joining(", "));
        List<String> examples = new ArrayList<>();
        try (Statement statement = workspace.session().createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT concat_ws(' ', what || ':', concat_ws(', ', %s)) || coalesce(nullif(' (' || concat_ws('; ', %s) || ')', ' ()'), '') FROM %s ORDER BY 1 LIMIT %d"
                                .formatted(
                                        key,
                                        columns.isEmpty() ? "NULL" : columns,
                                        workspace.table("differences"),
                                        MOST_EXAMPLES))) {
            while (rows.next()) {
                examples.add(rows.getString(1));
            }
        }
        return examples;
    }

    /** Puts the rows that were made anew in the place of all that the table has. */
    private void commit(TableSnapshot base, Comparison found)
            throws SQLException, IOException, CommitConflictException {
        DeltaTable table = lake.table(base.table());
        DeltaTable made = scratch.table(base.table());
        try (Workspace workspace = Workspace.open(duckDb)) {
            view(workspace, "anew", made, made.latest());
            String columns = base.columns().stream()
                    .map(column -> Sql.name(column.name()))
                    .collect(Collectors.joining(", "));
            List<Change.NewFile> files = ParquetWriter.write(
                    workspace.session(), "SELECT %s FROM %s".formatted(columns, workspace.table("anew")), base, false);
            lake.store()
                    .sync(files.stream()
                            .map(file -> base.folder() + "/"
                                    + URI.create(file.path()).getPath())
                            .toList());
            table.commit(
                    base,
                    new Change(
                            files,
                            Map.of(),
                            base.files().keySet(),
                            false,
                            null,
                            Map.of(),
                            new CommitNote(
                                    "REBUILD",
                                    Map.of("source", "rebuild"),
                                    Map.of(
                                            "numOutputRows", Long.toString(found.rows()),
                                            "numMissingRows", Long.toString(found.missing()),
                                            "numExtraRows", Long.toString(found.extra()),
                                            "numDifferentRows", Long.toString(found.different())))));
        }
    }

    @Override
    public void close() {
        reader.close();
        scratch.close();
    }
}
