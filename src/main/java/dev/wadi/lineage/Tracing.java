package dev.wadi.lineage;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.Origin;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.EngineException;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Rows;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.merge.Via;
import dev.wadi.table.Commit;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Goes one step back from the rows of a key, to the rows that they are made from, or to where an event came from. */
@Singleton
public final class Tracing {
    private static final String FILE = "file_index";
    private static final String ROW = "file_row_number";
    private static final String TOTAL = "__total";

    private final Lake lake;
    private final LakeReader reader;
    private final DuckDb duckDb;
    private final Contracts contracts;
    private final Freshness freshness;

    Tracing(Lake lake, LakeReader reader, DuckDb duckDb, Contracts contracts, Freshness freshness) {
        this.lake = lake;
        this.reader = reader;
        this.duckDb = duckDb;
        this.contracts = contracts;
        this.freshness = freshness;
    }

    /**
     * @param version of the table; null for the newest. The tables that it is made from are looked at as they are now
     * @param limit how many rows of each table are given
     * @throws RowKey.WrongKeyException when the key is none of the table
     * @throws dev.wadi.table.NoSuchVersionException when the version is not there
     */
    public Traced trace(RowKey key, @Nullable Long version, int limit, long offset) {
        Contract contract = key.contract();
        DeltaTable table = lake.table(contract.table());
        TableSnapshot snapshot = version == null ? table.latest() : table.at(version);
        Lineage lineage = freshness.lineage();
        try (Workspace workspace = Workspace.open(duckDb)) {
            Map<String, String> wanted = key.define(workspace);
            List<String> notKnown = new ArrayList<>();
            List<Traced.Row> rows = rows(workspace, key, table, snapshot, limit, notKnown);
            List<Traced.Source> from = new ArrayList<>();
            for (Origin origin : new Provenance(contracts, lineage).origins(contract)) {
                from.add(source(workspace, origin, limit, offset));
            }
            if (from.isEmpty() && contract.event() == null && !rows.isEmpty()) {
                notKnown.add(notSaid(contract, lineage));
            }
            return new Traced(contract.table(), wanted, snapshot.version(), rows, from, notKnown);
        } catch (SQLException e) {
            throw new EngineException("%s cannot be traced: %s".formatted(contract.table(), e.getMessage()), e);
        }
    }

    private static String notSaid(Contract contract, Lineage lineage) {
        List<String> sources = lineage.into(contract.table()).stream()
                .map(flow -> flow.source().toString())
                .distinct()
                .toList();
        return sources.isEmpty()
                ? "No route that runs fills %s from a table, so there is nothing to go back to."
                        .formatted(contract.table())
                : "%s is filled from %s, and its contract does not say from which rows. Write the custom property madeFrom in %s."
                        .formatted(
                                contract.table(),
                                String.join(", ", sources),
                                contract.file().getFileName());
    }

    /** The rows, which stay in the workspace as the table {@code made}. */
    private List<Traced.Row> rows(
            Workspace workspace, RowKey key, DeltaTable table, TableSnapshot snapshot, int limit, List<String> notKnown)
            throws SQLException {
        reader.define(workspace, new TreeMap<>(Map.of(snapshot.table(), snapshot)));
        FileScan scan = FileScan.live(table, snapshot);
        scan.prepare(workspace, "traced_files");
        List<String> columns =
                snapshot.columns().stream().map(TableColumn::name).toList();
        workspace.execute("CREATE OR REPLACE TABLE %s AS SELECT t.* FROM (%s) t SEMI JOIN %s w ON %s"
                .formatted(
                        workspace.table("made"),
                        scan.select(workspace.table("traced_files"), columns, true),
                        workspace.table(RowKey.TABLE),
                        key.same("t")));
        Map<Integer, Optional<Commit>> commits = new HashMap<>();
        List<Traced.Row> rows = new ArrayList<>();
        try (Statement statement = workspace.session().createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT * FROM %s ORDER BY ALL LIMIT %d".formatted(workspace.table("made"), limit))) {
            for (Map<String, @Nullable Object> values : Rows.read(result)) {
                int file = ((Number) Objects.requireNonNull(values.remove(FILE))).intValue();
                values.remove(ROW);
                DataFile from = scan.file(file);
                Commit commit =
                        commits.computeIfAbsent(file, each -> table.added(from)).orElse(null);
                if (commit == null) {
                    note(notKnown, "Which commit wrote a row is not known any more: its log entry was cleaned up.");
                }
                rows.add(new Traced.Row(values, written(commit), event(key.contract(), values, commit, notKnown)));
            }
        }
        return rows;
    }

    private static Traced.@Nullable Written written(@Nullable Commit commit) {
        return commit == null
                ? null
                : new Traced.Written(
                        commit.version(),
                        commit.timestamp(),
                        commit.operation(),
                        commit.parameters().get("source"));
    }

    private static Traced.@Nullable Event event(
            Contract contract, Map<String, @Nullable Object> values, @Nullable Commit commit, List<String> notKnown) {
        Provenance.Place place = contract.event() == null ? null : Provenance.Place.of(contract);
        if (place == null) {
            return null;
        }
        Object source = values.get(place.source());
        List<Via> routes = commit == null
                ? List.of()
                : Via.of(commit).stream()
                        .filter(via -> via.door().equals(source))
                        .toList();
        if (routes.size() != 1 && commit != null) {
            note(
                    notKnown,
                    "OPTIMIZE".equals(commit.operation())
                            ? "Which route brought an event is not known any more: version %d put its file together with others."
                                    .formatted(commit.version())
                            : routes.isEmpty()
                                    ? "Which route brought an event is not known: version %d does not say."
                                            .formatted(commit.version())
                                    : "Which route brought an event is not known: in version %d it is one of %s."
                                            .formatted(commit.version(), routes));
        }
        Via via = routes.size() == 1 ? routes.getFirst() : null;
        return new Traced.Event(
                source,
                values.get(place.position()),
                values.get(place.receivedAt()),
                via == null ? null : via.route(),
                via == null ? null : via.version());
    }

    private static void note(List<String> notKnown, String what) {
        if (!notKnown.contains(what)) {
            notKnown.add(what);
        }
    }

    private Traced.Source source(Workspace workspace, Origin origin, int limit, long offset) throws SQLException {
        TableName name = origin.table();
        TableSnapshot snapshot = lake.table(name).latest();
        List<String> key = contracts.find(name).map(Contract::primaryKey).orElse(List.of());
        reader.define(workspace, new TreeMap<>(Map.of(name, snapshot)));
        String order = key.isEmpty()
                ? "ALL"
                : key.stream().map(column -> "s." + Sql.name(column)).collect(Collectors.joining(", "));
        String sql =
                "SELECT s.*, count(*) OVER () AS %s FROM %s.%s s WHERE EXISTS (SELECT 1 FROM %s t WHERE (\n%s\n)) ORDER BY %s LIMIT %d OFFSET %d"
                        .formatted(
                                TOTAL,
                                Sql.name(name.layer()),
                                Sql.name(name.name()),
                                workspace.table("made"),
                                origin.rows(),
                                order,
                                limit,
                                offset);
        try (Statement statement = workspace.session().createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<Map<String, @Nullable Object>> rows = Rows.read(result);
            long total = 0;
            for (Map<String, @Nullable Object> row : rows) {
                total = ((Number) Objects.requireNonNull(row.remove(TOTAL))).longValue();
            }
            return new Traced.Source(name, snapshot.version(), origin.rows(), rows, total, key);
        }
    }
}
