package dev.wadi.api;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType.Simple;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.kpi.Gold;
import dev.wadi.kpi.LiveKpis;
import dev.wadi.kpi.Reading;
import dev.wadi.lineage.Patience;
import dev.wadi.lineage.RowKey;
import dev.wadi.lineage.Told;
import dev.wadi.lineage.Traced;
import dev.wadi.route.Lag;
import dev.wadi.route.RouteException;
import dev.wadi.route.Routes;
import dev.wadi.table.Commit;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.NoSuchVersionException;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableException;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.DefaultApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.inject.BeanDefinitionReference;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server with the rooms {@code api}, {@code kpi} and {@code web} alone, over a small gold layer. No broker, no
 * database server, no route is started.
 */
public final class SmallServer implements AutoCloseable {
    private static final Set<String> ROOMS = Set.of("dev.wadi.api", "dev.wadi.kpi", "dev.wadi.web");

    /** Beans of those rooms that read the real lake, or belong to the door for events. */
    private static final Set<String> REPLACED = Set.of(
            "dev.wadi.kpi.LakeReading",
            "dev.wadi.api.LakeTableStates",
            "dev.wadi.api.RunningRoutes",
            "dev.wadi.api.LakeTimeliness",
            "dev.wadi.api.RunningInlets",
            "dev.wadi.api.LakeOrigins",
            "dev.wadi.kpi.KpiFactory");

    private final Gold gold = new Gold();
    private final DuckDb duckDb =
            new DuckDb("128MB", 1, Path.of(System.getProperty("java.io.tmpdir"), "wadi-small-server"));
    private final States states = new States();
    private final FewRoutes routes = new FewRoutes();
    private final Clockwork timeliness = new Clockwork();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ApplicationContext context;
    private final EmbeddedServer server;

    public SmallServer() throws SQLException {
        context = new SmallContext();
        context.getEnvironment()
                .addPropertySource(PropertySource.of(
                        "small", Map.of("micronaut.server.port", -1, "micronaut.server.host", "127.0.0.1")));
        context.registerSingleton(Reading.class, gold);
        context.registerSingleton(TableStates.class, states);
        context.registerSingleton(RouteDesk.class, routes);
        context.registerSingleton(Timeliness.class, timeliness);
        context.registerSingleton(Origins.class, new FewOrigins());
        context.registerSingleton(Inlets.class, (Inlets) table -> List.of());
        context.registerSingleton(Contracts.class, contracts());
        context.registerSingleton(LiveKpis.fixed(Gold.kpis()));
        context.registerSingleton(duckDb);
        Presence presence = new Presence();
        presence.ready();
        context.registerSingleton(presence);
        context.start();
        server = context.getBean(EmbeddedServer.class).start();
    }

    Gold gold() {
        return gold;
    }

    States states() {
        return states;
    }

    Clockwork timeliness() {
        return timeliness;
    }

    /** Tables that are as fresh as a test says. */
    static final class Clockwork implements Timeliness {
        private final Set<Runnable> listeners = java.util.concurrent.ConcurrentHashMap.newKeySet();
        volatile Patience.Arrived arrived = Patience.Arrived.EVERYWHERE;
        volatile Duration behind = Duration.ZERO;

        @Override
        public Instant watermark(Set<TableName> tables) {
            return Instant.now().minus(behind);
        }

        @Override
        public Instant untilFresh(Set<TableName> tables, Duration age, Duration limit) {
            return watermark(tables);
        }

        @Override
        public Patience.Arrived until(String receipt, Set<TableName> tables, Duration limit) {
            return arrived;
        }

        @Override
        public AutoCloseable listen(Set<TableName> tables, Runnable news) {
            listeners.add(news);
            return () -> listeners.remove(news);
        }

        int listeners() {
            return listeners.size();
        }

        void committed() {
            listeners.forEach(Runnable::run);
        }
    }

    FewRoutes routes() {
        return routes;
    }

    ApplicationContext context() {
        return context;
    }

    /** The lines of an answer, as they come. */
    HttpResponse<java.util.stream.Stream<String>> lines(String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getPort() + path));
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    }

    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    HttpResponse<byte[]> bytes(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.getURI() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.getURI() + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.getURI() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    URI uri() {
        return server.getURI();
    }

    @Override
    public void close() throws SQLException {
        client.close();
        context.close();
        duckDb.close();
        gold.close();
    }

    /** The gold contracts and one stream. */
    private static Contracts contracts() {
        List<Contract> all = new ArrayList<>(Gold.contracts().all());
        EventShape.Field id = new EventShape.Field(
                "event_id", EventShape.Type.STRING, true, "Names it", List.of(), null, null, List.of());
        EventShape.Field action = new EventShape.Field(
                "action", EventShape.Type.STRING, true, "", List.of("login", "logout"), null, null, List.of());
        EventShape.Field lat =
                new EventShape.Field("lat", EventShape.Type.NUMBER, true, "", List.of(), -90.0, 90.0, List.of());
        EventShape.Field location = new EventShape.Field(
                "location", EventShape.Type.OBJECT, false, "", List.of(), null, null, List.of(lat));
        all.add(new Contract(
                TableName.parse("bronze.clickstream"),
                "Events as they came",
                List.of(new Column("event_id", Simple.STRING, true, false, "", Column.Fill.EVENT_ID)),
                List.of("event_id"),
                Merging.keepFirst(),
                List.of(),
                List.of(),
                new EventShape("clickstream", "event_id", List.of(id, action, location)),
                false,
                Path.of("bronze.clickstream.odcs.yaml")));
        return new Contracts(all);
    }

    /** Tables that a test puts there. */
    static final class States implements TableStates {
        private final Map<TableName, TableState> states = new TreeMap<>();
        private final Set<TableName> broken = new TreeSet<>();

        void put(String name, Instant committed, List<TableColumn> columns) {
            states.put(TableName.parse(name), new TableState(7, committed, 17, 2, 3000, columns, List.of()));
        }

        void breakTable(String name) {
            broken.add(TableName.parse(name));
        }

        void clear() {
            states.clear();
            broken.clear();
        }

        @Override
        public List<TableName> tables() {
            return List.copyOf(states.keySet());
        }

        @Override
        public TableState latest(TableName table) {
            if (broken.contains(table)) {
                throw new TableException("%s, version 7: a file is gone. Restore it".formatted(table));
            }
            TableState state = states.get(table);
            if (state == null) {
                throw new IllegalArgumentException("no " + table);
            }
            return state;
        }

        @Override
        public TableState at(TableName table, long version) {
            throw new NoSuchVersionException("No version " + version, 3, 7);
        }

        @Override
        public TableState at(TableName table, Instant time) {
            return latest(table);
        }

        @Override
        public DeltaTable.History history(TableName table, int limit, int offset) {
            Commit commit = new Commit(7, Instant.EPOCH, "MERGE", Map.of("by", "id"), Map.of("rows", "17"), null);
            return new DeltaTable.History(offset == 0 ? List.of(commit) : List.of(), 1);
        }
    }

    /** One row of each table, made from one event. */
    private static final class FewOrigins implements Origins {
        private static final TableName BRONZE = new TableName("bronze", "clickstream");

        @Override
        public Traced trace(RowKey key, @Nullable Long version, int limit, long offset) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            List<String> columns = key.contract().primaryKey();
            for (int n = 0; n < columns.size(); n++) {
                row.put(columns.get(n), key.texts().get(n));
            }
            return new Traced(
                    key.contract().table(),
                    key(key),
                    version == null ? 7 : version,
                    List.of(new Traced.Row(
                            row,
                            new Traced.Written(7, Instant.EPOCH, "MERGE", "land-bookings"),
                            new Traced.Event("door", "m1", Instant.EPOCH, "land-bookings", "0123456789ab"))),
                    List.of(new Traced.Source(
                            BRONZE, 3, "s.id = t.id", List.of(Map.of("event_id", "a,b/c d")), 1, List.of("event_id"))),
                    List.of("Nothing."));
        }

        private static Map<String, String> key(RowKey key) {
            Map<String, String> values = new LinkedHashMap<>();
            for (int n = 0; n < key.texts().size(); n++) {
                values.put(key.contract().primaryKey().get(n), key.texts().get(n));
            }
            return values;
        }

        @Override
        public Told why(RowKey key) {
            return new Told(
                    key.contract().table(),
                    key(key),
                    Map.of(BRONZE, 3L),
                    null,
                    List.of(Map.of("amount", new BigDecimal("1.50"))),
                    List.of(new Told.Event(
                            key.contract().table(),
                            Told.Verdict.STALE,
                            false,
                            Map.of("updated_at", Instant.EPOCH),
                            new Told.Ref(BRONZE, List.of("e1")),
                            "door",
                            "m1",
                            Instant.EPOCH,
                            new Told.Place("door", "m2"),
                            null)),
                    true,
                    List.of(),
                    List.of());
        }
    }

    /** One route that a test may break. */
    static final class FewRoutes implements RouteDesk {
        private static final String ID = "land-bookings";

        private Routes.State state = Routes.State.STARTED;
        private Optional<Routes.Problem> problem = Optional.empty();
        private boolean starts = true;

        void refuse(String mistake) {
            problem = Optional.of(new Routes.Problem(List.of(mistake), Instant.EPOCH));
        }

        void keepFromStarting() {
            starts = false;
        }

        void clear() {
            state = Routes.State.STARTED;
            problem = Optional.empty();
            starts = true;
        }

        @Override
        public List<Routes.Status> list() {
            return List.of(get(ID));
        }

        @Override
        public Routes.Status get(String id) {
            if (!id.equals(ID)) {
                throw new Routes.UnknownRouteException(id, List.of(ID));
            }
            return new Routes.Status(
                    ID,
                    "routes/ingest/bookings.camel.yaml",
                    3,
                    "Bookings land in bronze.",
                    "rabbitmq://events?queue=events.bookings",
                    state,
                    17,
                    1,
                    2,
                    new Lag(5, "messages"),
                    "the disk is full",
                    Instant.EPOCH,
                    "0123456789ab");
        }

        @Override
        public Routes.Status start(String id) {
            get(id);
            if (!starts) {
                throw new RouteException("the queue is gone");
            }
            state = Routes.State.STARTED;
            return get(id);
        }

        @Override
        public Routes.Status stop(String id) {
            get(id);
            state = Routes.State.STOPPED;
            return get(id);
        }

        @Override
        public Optional<Routes.Problem> problem() {
            return problem;
        }
    }

    private static final class SmallContext extends DefaultApplicationContext {
        SmallContext() {
            super("test");
        }

        @Override
        protected List<BeanDefinitionReference> resolveBeanDefinitionReferences() {
            return super.resolveBeanDefinitionReferences().stream()
                    .filter(bean -> belongs(bean.getBeanDefinitionName()))
                    .toList();
        }

        private static boolean belongs(String definition) {
            if (!definition.startsWith("dev.wadi.")) {
                return true;
            }
            String room = definition.substring(0, definition.lastIndexOf('.'));
            String plain = definition.replace("$Definition", "").replace(".$", ".");
            return ROOMS.contains(room) && REPLACED.stream().noneMatch(plain::startsWith);
        }
    }
}
