package dev.wadi.lineage;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Rows;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.merge.Replay;
import dev.wadi.merge.Transforms;
import dev.wadi.merge.Verdict;
import dev.wadi.route.Flow;
import dev.wadi.table.Lake;
import dev.wadi.table.NoSuchVersionException;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The events of a key of a table that is filled from tables of events. The SELECT of each flow runs over the events that there are,
 * and what it gives of the key is merged into nothing by the planner of the table ({@link Replay}). So what is told is what the
 * merge does, and it can be held against what the table has. For one key.
 */
final class Replayed {
    /** What the SELECTs give of the key: the columns that rows bring, and {@link #FLOW}. */
    private static final String CAME = "came";
    /** The same in the order in which it came, with {@link #NUMBER}. */
    private static final String NUMBERED = "numbered";

    /** The rows that the table has of the key. */
    private static final String STANDING = "standing";

    private static final String FLOW = "__flow";
    private static final String NUMBER = "__ord";
    /** How often table and sources are read until no run of a transform lies between. */
    private static final int LOOKS = 5;

    private final Lake lake;
    private final LakeReader reader;
    private final DuckDb duckDb;
    private final Contracts contracts;
    private final Transforms transforms;
    private final RowKey key;
    private final Contract contract;
    private final List<Flow> flows;
    private final List<String> notKnown = new ArrayList<>();

    Replayed(
            Lake lake,
            LakeReader reader,
            DuckDb duckDb,
            Contracts contracts,
            Transforms transforms,
            RowKey key,
            List<Flow> flows) {
        this.lake = lake;
        this.reader = reader;
        this.duckDb = duckDb;
        this.contracts = contracts;
        this.transforms = transforms;
        this.key = key;
        this.contract = key.contract();
        this.flows = flows;
    }

    Told tell() throws SQLException {
        Reading reading = reading();
        try (Workspace workspace = Workspace.open(duckDb)) {
            Map<String, String> wanted = key.define(workspace);
            reader.define(workspace, new TreeMap<>(Map.of(contract.table(), reading.table())));
            Instant since = come(workspace, reading);
            number(workspace);
            Replay.Outcome outcome = new Replay(contract, lake.table(contract.table()), reading.table(), workspace)
                    .run("SELECT * FROM " + workspace.table(NUMBERED));
            List<Told.Event> events = events(workspace, outcome);
            boolean agrees = agrees(workspace, reading.table(), outcome.rows());
            if (!agrees) {
                notKnown.add(
                        "%s has something else of this key than follows from these events: it was filled from others, which are not there any more or not told, or by another SELECT. ./wadi rebuild makes it anew."
                                .formatted(contract.table()));
            }
            Refusals refusals = new Refusals(lake, reader, workspace, key);
            events = refusals.settle(events, notKnown);
            for (Flow flow : flows) {
                events.addAll(refusals.ofSource(contracts.get(flow.source()), flow.sql(), notKnown));
            }
            Map<TableName, Long> versions = new TreeMap<>();
            versions.put(contract.table(), reading.table().version());
            reading.sources().forEach((table, snapshot) -> versions.put(table, snapshot.version()));
            return new Told(
                    contract.table(),
                    wanted,
                    versions,
                    since,
                    query(workspace, "SELECT * FROM %s ORDER BY ALL".formatted(workspace.table(STANDING))),
                    events,
                    agrees,
                    List.of(),
                    notKnown);
        }
    }

    // ---- which versions

    /** A version of the table, and of each source the version that it was filled from. */
    private record Reading(TableSnapshot table, Map<TableName, TableSnapshot> sources) {}

    private Reading reading() {
        for (int look = 1; ; look++) {
            notKnown.clear();
            Map<Flow, Long> done = progress();
            TableSnapshot table = lake.table(contract.table()).latest();
            Map<TableName, TableSnapshot> sources = new HashMap<>();
            done.forEach((flow, version) -> sources.put(flow.source(), source(flow, version)));
            if (look == LOOKS || progress().equals(done)) {
                return new Reading(table, sources);
            }
        }
    }

    private Map<Flow, Long> progress() {
        Map<Flow, Long> progress = new LinkedHashMap<>();
        flows.forEach(flow -> progress.put(flow, transforms.progress(flow.route(), flow.target())));
        return progress;
    }

    private TableSnapshot source(Flow flow, long done) {
        TableSnapshot newest = lake.table(flow.source()).latest();
        if (done == newest.version()) {
            return newest;
        }
        if (done < 0) {
            notKnown.add("The route %s has read nothing of %s yet: none of these events is in %s."
                    .formatted(flow.route(), flow.source(), flow.target()));
            return newest;
        }
        try {
            TableSnapshot then = lake.table(flow.source()).at(done);
            lake.table(flow.source()).hold(then).close();
            notKnown.add("The route %s has read %s up to version %d of %d: what came after it is not told."
                    .formatted(flow.route(), flow.source(), done, newest.version()));
            return then;
        } catch (NoSuchVersionException e) {
            notKnown.add("%s is told as of version %d; the route %s has read it up to version %d, which is past."
                    .formatted(flow.source(), newest.version(), flow.route(), done));
            return newest;
        }
    }

    // ---- what came

    /** Fills {@link #CAME}. @return since when events are told; null for all */
    private @Nullable Instant come(Workspace workspace, Reading reading) throws SQLException {
        SortedMap<TableName, TableSnapshot> others = new TreeMap<>();
        for (Flow flow : flows) {
            transforms
                    .tables(flow.sql())
                    .forEach(table -> others.put(table, lake.table(table).latest()));
        }
        others.putAll(reading.sources());
        others.remove(contract.table());
        reader.define(workspace, others);
        workspace.execute("CREATE TABLE %s (%s INTEGER, %s)"
                .formatted(
                        workspace.table(CAME),
                        FLOW,
                        brought()
                                .map(column -> Sql.name(column.name()) + " "
                                        + column.type().sql())
                                .collect(Collectors.joining(", "))));
        Instant since = null;
        for (int n = 0; n < flows.size(); n++) {
            Flow flow = flows.get(n);
            Contract source = contracts.get(flow.source());
            Provenance.Place place = Provenance.Place.of(source);
            Duration retention = source.retention();
            String changes = "SELECT * FROM " + relation(flow.source());
            if (retention != null && place != null) {
                Instant oldest = Clock.systemUTC().instant().minus(retention);
                since = since == null || oldest.isAfter(since) ? oldest : since;
                changes += " WHERE %s >= make_timestamptz(%d)"
                        .formatted(Sql.name(place.receivedAt()), oldest.toEpochMilli() * 1000);
            }
            define(workspace, changes);
            workspace.execute("INSERT INTO %s BY NAME SELECT %d AS %s, %s FROM (\n%s\n) q SEMI JOIN %s w ON %s"
                    .formatted(
                            workspace.table(CAME),
                            n,
                            FLOW,
                            brought()
                                    .map(column -> "q.%1$s::%2$s AS %1$s"
                                            .formatted(
                                                    Sql.name(column.name()),
                                                    column.type().sql()))
                                    .collect(Collectors.joining(", ")),
                            select(flow.sql()),
                            workspace.table(RowKey.TABLE),
                            key.same("q")));
        }
        return since;
    }

    private java.util.stream.Stream<Column> brought() {
        return contract.columns().stream().filter(column -> column.derivedBy() == null);
    }

    /** Makes a SELECT the rows that changed since a transform last ran, as of one that never ran. */
    static void define(Workspace workspace, String changes) throws SQLException {
        workspace.execute("CREATE OR REPLACE VIEW changes AS " + changes);
        workspace.execute("CREATE OR REPLACE VIEW removed AS SELECT * FROM changes WHERE false");
    }

    static String select(String sql) {
        return sql.isBlank() ? "SELECT * FROM changes" : sql;
    }

    static String relation(TableName table) {
        return Sql.name(table.layer()) + "." + Sql.name(table.name());
    }

    /**
     * Fills {@link #NUMBERED}. Of events with one sequence the first stands, and which one came first the table itself knows: its row
     * says where it is from.
     */
    private void number(Workspace workspace) throws SQLException {
        List<String> provenance = Why.provenance(contract);
        workspace.execute("CREATE TABLE %s AS %s".formatted(workspace.table(STANDING), rows(workspace)));
        String stands = provenance.isEmpty()
                ? "false"
                : "EXISTS (SELECT 1 FROM %s t WHERE %s)"
                        .formatted(
                                workspace.table(STANDING),
                                provenance.stream()
                                        .map(name -> "t.%1$s IS NOT DISTINCT FROM c.%1$s".formatted(Sql.name(name)))
                                        .collect(Collectors.joining(" AND ")));
        Set<String> order = new LinkedHashSet<>();
        for (Flow flow : flows) {
            Provenance.Place place = Provenance.Place.of(contracts.get(flow.source()));
            if (place != null && Provenance.has(contract, place.receivedAt())) {
                order.add("c." + Sql.name(place.receivedAt()) + ", ");
            }
        }
        workspace.execute(
                "CREATE TABLE %s AS SELECT row_number() OVER (ORDER BY c.__stands DESC, %sc.%s, c) - 1 AS %s, c.* EXCLUDE __stands FROM (SELECT c.*, %s AS __stands FROM %s c) c"
                        .formatted(
                                workspace.table(NUMBERED),
                                String.join("", order),
                                FLOW,
                                NUMBER,
                                stands,
                                workspace.table(CAME)));
    }

    // ---- what became of it

    private List<Told.Event> events(Workspace workspace, Replay.Outcome outcome) throws SQLException {
        Map<Long, Replay.Fate> fates = new HashMap<>();
        outcome.fates().forEach(fate -> fates.put(fate.number(), fate));
        Map<Long, List<@Nullable Object>> refs = refs(workspace);
        String order = contract.sequenceBy().stream()
                .map(column -> Sql.name(column) + " NULLS LAST, ")
                .collect(Collectors.joining());
        Map<Long, Map<String, @Nullable Object>> came = new LinkedHashMap<>();
        for (Map<String, @Nullable Object> row : query(
                workspace, "SELECT * FROM %s ORDER BY %s%s".formatted(workspace.table(NUMBERED), order, NUMBER))) {
            came.put(number(row.get(NUMBER)), row);
        }
        List<Told.Event> events = new ArrayList<>();
        for (Map.Entry<Long, Map<String, @Nullable Object>> each : came.entrySet()) {
            Replay.Fate fate = Objects.requireNonNull(fates.get(each.getKey()));
            Map<String, @Nullable Object> row = each.getValue();
            Contract source =
                    contracts.get(flows.get((int) number(row.get(FLOW))).source());
            Provenance.Place place = Provenance.kept(contract, source);
            Map<String, @Nullable Object> sequence = new LinkedHashMap<>();
            contract.sequenceBy().forEach(column -> sequence.put(column, row.get(column)));
            List<@Nullable Object> ref = refs.get(each.getKey());
            Map<String, @Nullable Object> winner = fate.against() == null ? null : came.get(fate.against());
            events.add(new Told.Event(
                    contract.table(),
                    verdict(fate.verdict()),
                    fate.deletes(),
                    sequence,
                    ref == null ? null : new Told.Ref(source.table(), ref),
                    place == null ? null : row.get(place.source()),
                    place == null ? null : row.get(place.position()),
                    place == null ? null : row.get(place.receivedAt()),
                    place == null || winner == null
                            ? null
                            : new Told.Place(winner.get(place.source()), winner.get(place.position())),
                    fate.message()));
        }
        return events;
    }

    /** The key of each event in its table, by its number here. */
    private Map<Long, List<@Nullable Object>> refs(Workspace workspace) throws SQLException {
        Map<Long, List<@Nullable Object>> refs = new HashMap<>();
        for (int n = 0; n < flows.size(); n++) {
            Contract source = contracts.get(flows.get(n).source());
            Provenance.Place place = Provenance.kept(contract, source);
            if (place == null) {
                notKnown.add("%s does not keep where the events of %s were, so they cannot be named."
                        .formatted(contract.table(), source.table()));
                continue;
            }
            String sql =
                    "SELECT n.%s, %s FROM %s n JOIN %s s ON s.%5$s = n.%5$s AND s.%6$s = n.%6$s WHERE n.%7$s = %8$d"
                            .formatted(
                                    NUMBER,
                                    source.primaryKey().stream()
                                            .map(column -> "s." + Sql.name(column))
                                            .collect(Collectors.joining(", ")),
                                    workspace.table(NUMBERED),
                                    relation(source.table()),
                                    Sql.name(place.source()),
                                    Sql.name(place.position()),
                                    FLOW,
                                    n);
            for (Map<String, @Nullable Object> row : query(workspace, sql)) {
                List<@Nullable Object> ref = new ArrayList<>();
                source.primaryKey().forEach(column -> ref.add(row.get(column)));
                refs.put(number(row.get(NUMBER)), ref);
            }
        }
        return refs;
    }

    private static Told.Verdict verdict(Verdict verdict) {
        return switch (verdict) {
            case INSERTED, UPDATED, DELETED, BURIED, TRUNCATES -> Told.Verdict.WON;
            case STALE -> Told.Verdict.STALE;
            case DUPLICATE -> Told.Verdict.DUPLICATE;
            case TIED -> Told.Verdict.TIED;
            case REFUSED -> Told.Verdict.REFUSED;
        };
    }

    /** Whether the table has exactly what follows from the events. */
    private boolean agrees(Workspace workspace, TableSnapshot table, @Nullable String follows) throws SQLException {
        String columns =
                table.columns().stream().map(TableColumn::name).map(Sql::name).collect(Collectors.joining(", "));
        String has = "SELECT %s FROM (%s)".formatted(columns, workspace.table(STANDING));
        String should = "SELECT %s FROM (%s)".formatted(columns, follows == null ? has + " WHERE false" : follows);
        return workspace.count("SELECT count(*) FROM ((%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s))"
                        .formatted(has, should))
                == 0;
    }

    /** A SELECT of the rows that the table has of the key. */
    private String rows(Workspace workspace) {
        return "SELECT t.* FROM %s t SEMI JOIN %s w ON %s"
                .formatted(relation(contract.table()), workspace.table(RowKey.TABLE), key.same("t"));
    }

    static List<Map<String, @Nullable Object>> query(Workspace workspace, String sql) throws SQLException {
        try (Statement statement = workspace.session().createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return Rows.read(result);
        }
    }

    private static long number(@Nullable Object value) {
        return ((Number) Objects.requireNonNull(value)).longValue();
    }
}
