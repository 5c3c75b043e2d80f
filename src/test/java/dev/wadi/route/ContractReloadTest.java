package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import dev.wadi.parts.Await;
import dev.wadi.parts.RabbitMqServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contracts that are edited while Wadi runs. */
class ContractReloadTest {
    private static RabbitMqServer broker;

    @TempDir
    Path root;

    private final HttpClient client = HttpClient.newHttpClient();
    private ApplicationContext application = ApplicationContext.builder().build();

    @BeforeAll
    static void startBroker() {
        broker = RabbitMqServer.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() throws Exception {
        write("routes/door.camel.yaml", """
                - route:
                    id: door
                    from:
                      uri: direct:http-events
                      steps:
                        - setHeader:
                            name: CamelRabbitmqRoutingKey
                            simple: "${header.WadiStream}"
                        - to:
                            uri: rabbitmq:events
                """);
        stream("reading", "celsius DOUBLE");
        application = ApplicationContext.run(Map.of(
                "wadi.routes-dir", root.resolve("routes").toString(),
                "wadi.schemas-dir", root.resolve("schemas").toString(),
                "wadi.lake", root.resolve("lake").toString(),
                "wadi.data-dir", root.resolve("data").toString(),
                "micronaut.server.port", -1,
                "rabbitmq.uri", broker.uri()));
        application.getBean(EmbeddedServer.class).start();
    }

    @AfterEach
    void stop() {
        application.close();
        client.close();
    }

    @Test
    void aColumnThatIsAddedIsInTheNextRows() throws Exception {
        post("reading", "{\"id\":\"a\",\"n\":1,\"celsius\":11.5}");
        Await.until(() -> rows("reading").equals(Map.of("a", "11.5")));
        stream("reading", "celsius DOUBLE", "sensor VARCHAR");
        Await.until(() -> inForce("silver.reading").contains("sensor"));
        assertThat(post("reading", "{\"id\":\"b\",\"n\":1,\"celsius\":9,\"sensor\":\"roof\"}"))
                .isEqualTo(202);
        Await.until(() -> rows("reading").equals(Map.of("a", "11.5,null", "b", "9.0,roof")));
        // what the door lets in is what the contract says now
        assertThat(post("reading", "{\"id\":\"c\",\"n\":1,\"celsius\":9,\"sensor\":7}"))
                .isEqualTo(422);
    }

    @Test
    void aStreamThatIsAddedIsAtTheDoorAndInTheKpis() throws Exception {
        assertThat(post("visit", "{\"id\":\"a\",\"n\":1}")).isEqualTo(404);
        Route untouched = camel().getRoute("land-reading");
        write("schemas/kpis/visits.kpi.yaml", """
                name: visits
                title: Visits
                description: How many there were.
                unit: visits
                owner: me
                table: silver.visit
                measure: count(*)
                additivity: additive
                time: at
                grains: [day]
                """);
        stream("visit", "at DATE");
        Await.until(() -> post("visit", "{\"id\":\"a\",\"n\":1,\"at\":\"2026-01-01\"}") == 202);
        Await.until(() -> get("/api/kpis/visits").contains("\"value\":1"));
        assertThat(camel().getRoute("land-reading")).isSameAs(untouched);
        assertThat(get("/openapi")).contains("/api/events/visit");

        Files.delete(root.resolve("routes/land-visit.camel.yaml"));
        Files.delete(root.resolve("routes/silver-visit.camel.yaml"));
        Files.delete(root.resolve("schemas/tables/bronze.visit.odcs.yaml"));
        Await.until(() -> post("visit", "{\"id\":\"b\",\"n\":1}") == 404);
    }

    @Test
    void theFilesOfAMountedVolumeAreFollowed() throws Exception {
        // as Kubernetes lays out a ConfigMap, after the route that needs it
        Path mounted = root.resolve("schemas/tables/mounted");
        stream("visit", "shop VARCHAR");
        String bronze = Files.readString(root.resolve("schemas/tables/bronze.visit.odcs.yaml"));
        Files.delete(root.resolve("schemas/tables/bronze.visit.odcs.yaml"));
        Await.until(() -> application.getBean(Routes.class).problem().isPresent());
        write("schemas/tables/mounted/..one/bronze.visit.odcs.yaml", bronze);
        Files.createSymbolicLink(mounted.resolve("..data"), Path.of("..one"));
        Files.createSymbolicLink(mounted.resolve("bronze.visit.odcs.yaml"), Path.of("..data/bronze.visit.odcs.yaml"));
        Await.until(() -> post("visit", "{\"id\":\"a\",\"n\":1}") == 202);

        write("schemas/tables/mounted/..two/bronze.visit.odcs.yaml", bronze.replace("name: n,", "name: m,"));
        Files.createSymbolicLink(mounted.resolve("..tmp"), Path.of("..two"));
        Files.move(mounted.resolve("..tmp"), mounted.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Await.until(() -> post("visit", "{\"id\":\"b\",\"m\":1}") == 202);
        assertThat(post("visit", "{\"id\":\"c\",\"n\":1}")).isEqualTo(422);
    }

    @Test
    void aMistakeLeavesAllAsItWas() throws Exception {
        post("reading", "{\"id\":\"a\",\"n\":1,\"celsius\":11.5}");
        Await.until(() -> rows("reading").equals(Map.of("a", "11.5")));
        String good = Files.readString(root.resolve("schemas/tables/silver.reading.odcs.yaml"));

        refused(good.replace("value: [n]", "value: [m]"), "silver.reading.odcs.yaml", "'m'");
        refused(
                good.replace("physicalType: BIGINT", "physicalType: BIGSTRING"),
                "silver.reading.odcs.yaml:16",
                "BIGSTRING");
        // a rule that only DuckDB understands
        refused(
                good.replace(
                        "    properties:\n",
                        "    quality: [{name: warm, type: custom, engine: wadi, implementation: celsius +}]\n    properties:\n"),
                "silver.reading.odcs.yaml:",
                "warm");
        // the rows that are there cannot follow
        refused(good.replace("physicalType: DOUBLE", "physicalType: FLOAT"), "silver.reading", "DOUBLE");
        // a route's SELECT does not give it
        refused(
                good.replace(
                        "    properties:\n",
                        "    properties:\n      - {name: place, logicalType: string, physicalType: STRING, description: Where.}\n"),
                "silver_reading.sql",
                "place");
        Route route = camel().getRoute("land-reading");
        assertThat(post("reading", "{\"id\":\"b\",\"n\":1,\"celsius\":9}")).isEqualTo(202);
        Await.until(() -> rows("reading").equals(Map.of("a", "11.5", "b", "9.0")));

        write("schemas/tables/silver.reading.odcs.yaml", good);
        Await.until(() -> application.getBean(Routes.class).problem().isEmpty());
        assertThat(camel().getRoute("land-reading")).isSameAs(route);
    }

    @Test
    void anotherOrderHoldsForTheNextRows() throws Exception {
        stream("reading", "celsius DOUBLE", "m BIGINT");
        Await.until(() -> reloads() == 1);
        // often enough for an index, which knows the order
        for (int n = 5; n <= 8; n++) {
            String row = "%d.0,%d".formatted(n, 10 - n);
            post("reading", "{\"id\":\"a\",\"n\":%d,\"celsius\":%d,\"m\":%d}".formatted(n, n, 10 - n));
            Await.until(() -> rows("reading").equals(Map.of("a", row)));
        }
        String file = "schemas/tables/silver.reading.odcs.yaml";
        write(
                file,
                Files.readString(root.resolve(file))
                        .replace("value: [n]", "value: [m]")
                        .replace("{name: m,", "{name: m, required: true,"));
        Await.until(() -> reloads() == 2);
        post("reading", "{\"id\":\"a\",\"n\":1,\"celsius\":1,\"m\":3}");
        Await.until(() -> rows("reading").equals(Map.of("a", "1.0,3")));
        post("reading", "{\"id\":\"a\",\"n\":9,\"celsius\":9,\"m\":2}");
        post("reading", "{\"id\":\"b\",\"n\":1,\"celsius\":1,\"m\":1}");
        Await.until(() -> rows("reading").containsKey("b"));
        assertThat(rows("reading")).isEqualTo(Map.of("a", "1.0,3", "b", "1.0,1"));
    }

    @Test
    void everyEventIsThereOnceWhileContractsChange() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<List<String>> sending = CompletableFuture.supplyAsync(() -> {
            List<String> accepted = new ArrayList<>();
            for (int i = 0; !stop.get(); i++) {
                int status = post("reading", "{\"id\":\"r%d\",\"n\":1,\"celsius\":%d,\"c1\":\"x\"}".formatted(i, i));
                if (status == 202) {
                    accepted.add("r" + i);
                } else {
                    assertThat(status).isEqualTo(503);
                }
            }
            return accepted;
        });
        List<String> columns = new ArrayList<>(List.of("celsius DOUBLE"));
        for (int edit = 1; edit <= 8; edit++) {
            columns.add("c%d VARCHAR".formatted(edit));
            stream("reading", columns.toArray(String[]::new));
            String newest = "c" + edit;
            Await.until(() -> inForce("silver.reading").contains(newest)
                    && inForce("bronze.reading").contains(newest));
            TimeUnit.MILLISECONDS.sleep(200);
        }
        stop.set(true);
        List<String> accepted = sending.get(60, TimeUnit.SECONDS);
        assertThat(accepted).hasSizeGreaterThan(100);
        Await.until(() -> rows("reading").size() == accepted.size());
        assertThat(rows("reading").keySet()).containsExactlyInAnyOrderElementsOf(accepted);
        assertThat(count("bronze.reading")).isEqualTo(accepted.size());
        assertThat(get("/api/quarantine")).doesNotContain("\"reason\"");
    }

    private void refused(String contract, String... told) throws Exception {
        Routes routes = application.getBean(Routes.class);
        Optional<Routes.Problem> before = routes.problem();
        write("schemas/tables/silver.reading.odcs.yaml", contract);
        Await.until(() -> !routes.problem().equals(before));
        assertThat(routes.problem().orElseThrow().mistakes())
                .singleElement()
                .asString()
                .contains(told);
    }

    /** Contracts of bronze and silver, and the routes between the exchange and silver. */
    private void stream(String name, String... columns) throws Exception {
        StringBuilder fields = new StringBuilder();
        StringBuilder typed = new StringBuilder();
        StringBuilder select = new StringBuilder();
        for (String column : columns) {
            String called = column.split(" ")[0];
            String type = column.split(" ")[1];
            String logical = switch (type) {
                case "VARCHAR" -> "string";
                case "DATE" -> "date";
                case "BIGINT" -> "integer";
                default -> "number";
            };
            fields.append("          - {name: %s, logicalType: %s, description: One.}\n".formatted(called, logical));
            typed.append("      - {name: %s, logicalType: %s, physicalType: %s, description: One.}\n"
                    .formatted(called, logical, type.replace("VARCHAR", "STRING")));
            select.append(", (payload->>'%1$s')::%2$s AS %1$s".formatted(called, type));
        }
        // the query first: all are followed together, and this shows that half of them are not followed
        write("routes/silver_%s.sql".formatted(name), """
                SELECT payload->>'id' AS id, (payload->>'n')::BIGINT AS n%s FROM changes
                """.formatted(select));
        write("routes/silver-%s.camel.yaml".formatted(name), """
                - route:
                    id: silver-%1$s
                    from:
                      uri: delta:bronze.%1$s
                      steps:
                        - to:
                            uri: delta:silver.%1$s
                            parameters:
                              query: silver_%1$s.sql
                """.formatted(name));
        write("routes/land-%s.camel.yaml".formatted(name), """
                - route:
                    id: land-%1$s
                    from:
                      uri: rabbitmq:events
                      parameters:
                        queue: contracts.%1$s
                        routingKey: %1$s
                      steps:
                        - to: delta:bronze.%1$s
                """.formatted(name));
        write("schemas/tables/silver.%s.odcs.yaml".formatted(name), """
                apiVersion: v3.1.0
                kind: DataContract
                id: silver.%1$s
                version: 1.0.0
                status: active
                schema:
                  - name: %1$s
                    physicalName: silver.%1$s
                    physicalType: table
                    description: Typed.
                    customProperties:
                      - property: sequenceBy
                        value: [n]
                    properties:
                      - {name: id, logicalType: string, physicalType: STRING, required: true, primaryKey: true, description: Its name.}
                      - {name: n, logicalType: integer, physicalType: BIGINT, required: true, description: Its order.}
                %2$s""".formatted(name, typed));
        write("schemas/tables/bronze.%s.odcs.yaml".formatted(name), """
                apiVersion: v3.1.0
                kind: DataContract
                id: bronze.%1$s
                version: 1.0.0
                status: active
                schema:
                  - name: %1$s
                    physicalName: bronze.%1$s
                    physicalType: table
                    description: As they came.
                    customProperties:
                      - {property: stream, value: %1$s}
                      - {property: whenMatched, value: keepFirst}
                    properties:
                      - name: event_id
                        logicalType: string
                        physicalType: STRING
                        required: true
                        primaryKey: true
                        description: Its hash.
                        customProperties: [{property: fill, value: eventId}]
                      - name: payload
                        logicalType: object
                        physicalType: JSON
                        required: true
                        description: The event.
                        customProperties: [{property: fill, value: payload}]
                        properties:
                          - {name: id, logicalType: string, required: true, description: Its name.}
                          - {name: n, logicalType: integer, required: true, description: Its order.}
                %2$s""".formatted(name, fields));
    }

    private void write(String name, String text) throws Exception {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private CamelContext camel() {
        return application.getBean(CamelContext.class);
    }

    private double reloads() {
        return application
                .getBean(MeterRegistry.class)
                .counter("wadi.routes.reloads", "result", "ok")
                .count();
    }

    private String inForce(String table) {
        return application
                .getBean(Tables.class)
                .contracts()
                .get(TableName.parse(table))
                .toString();
    }

    private int post(String stream, String event) {
        return send(HttpRequest.newBuilder(uri("/api/events/" + stream))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(event)))
                .statusCode();
    }

    private String get(String path) {
        return send(HttpRequest.newBuilder(uri(path))).body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private URI uri(String path) {
        return application.getBean(EmbeddedServer.class).getURI().resolve(path);
    }

    /** By id, the values of the columns after id and n. */
    private Map<String, String> rows(String name) {
        Map<String, String> found = new LinkedHashMap<>();
        query("silver." + name, "SELECT * FROM silver." + name, rows -> {
            List<String> values = new ArrayList<>();
            for (int i = 3; i <= rows.getMetaData().getColumnCount(); i++) {
                values.add(rows.getString(i));
            }
            found.put(
                    rows.getString(1),
                    String.join(",", values.stream().map(String::valueOf).toList()));
        });
        return found;
    }

    private long count(String table) {
        List<Long> counts = new ArrayList<>();
        query(table, "SELECT count(*) FROM " + table, rows -> counts.add(rows.getLong(1)));
        return counts.getFirst();
    }

    private interface Row {
        void read(ResultSet rows) throws SQLException;
    }

    private void query(String table, String sql, Row each) {
        try (Pin pin = application.getBean(LakeReader.class).pin(Set.of(TableName.parse(table)));
                Statement statement = pin.connection().createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                each.read(rows);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
