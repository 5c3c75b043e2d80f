package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.wadi.cdc.CdcComponent;
import dev.wadi.contract.Contracts;
import dev.wadi.kafka.KafkaDoor;
import dev.wadi.poll.PollComponent;
import dev.wadi.yaml.Mistakes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mistake in a route file says: file, line, problem, cure. */
class RouteFolderTest {
    @TempDir
    Path root;

    private final FakeTables tables = new FakeTables("bronze.bookings", "silver.bookings");
    private final DefaultCamelContext camel = context();

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void aQueryIsFoundBesideItsRouteFile() throws Exception {
        write("transform/clean.sql", "SELECT 2");
        write("transform/clean.camel.yaml", transform("clean-bookings", "clean.sql"));
        start(camel, root, tables);
        for (int i = 0; i < 500 && tables.transforms.isEmpty(); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(tables.transforms).singleElement().satisfies(transform -> {
            assertThat(transform.id()).isEqualTo("clean-bookings");
            assertThat(transform.sql()).isEqualTo("SELECT 2");
        });
    }

    @Test
    void aMissingQueryIsNamedWithItsLine() throws Exception {
        Path file = write("transform/clean.camel.yaml", transform("clean-bookings", "clean.sql"));
        assertThat(mistake())
                .isEqualTo("%s:6: query=clean.sql: there is no file %s: write it, or correct the name"
                        .formatted(file, root.resolve("transform/clean.sql")));
    }

    @Test
    void aQueryCannotLeaveTheFolder() throws Exception {
        Path file = write("clean.camel.yaml", transform("clean-bookings", "../../../etc/passwd"));
        assertThat(mistake()).startsWith(file + ":6: query=../../../etc/passwd leads out of " + root);
    }

    @Test
    void aQueryCannotLeaveTheFolderThroughALink(@TempDir Path elsewhere) throws Exception {
        Files.createSymbolicLink(root.resolve("link.sql"), Files.writeString(elsewhere.resolve("x.sql"), "SELECT 1"));
        write("clean.camel.yaml", transform("clean-bookings", "link.sql"));
        assertThat(mistake()).contains("query=link.sql leads out of");
    }

    @Test
    void twoRoutesOfOneIdAreRefused() throws Exception {
        Path one = write("a.camel.yaml", route("land-bookings", "direct:a", "- to: delta:bronze.bookings"));
        Path two = write("b/b.camel.yaml", route("land-bookings", "direct:b", "- to: delta:bronze.bookings"));
        assertThat(mistake())
                .isEqualTo("%s:1: the route id 'land-bookings' is taken by %s:1: give one of the two another id"
                        .formatted(two, one));
    }

    @Test
    void aRouteWithoutAnIdIsRefused() throws Exception {
        Path file = write("a.camel.yaml", """
                - from:
                    uri: direct:a
                    steps:
                      - to: delta:bronze.bookings
                """);
        assertThat(mistake())
                .startsWith(file + ":")
                .contains("a route has no id")
                .contains("id: verb-noun");
    }

    @Test
    void anUnknownTableIsNamedWithTheLineOfItsStep() throws Exception {
        Path file = write("a.camel.yaml", """
                # lands bookings
                - route:
                    id: land-bookings
                    from:
                      uri: direct:a
                      steps:
                        - log: "one"
                        - to:
                            uri: delta:bronze.bokings
                """);
        assertThat(mistake())
                .isEqualTo(file + ":8: delta:bronze.bokings: no contract describes the table: write"
                        + " bronze.bookings, or add schemas/tables/bronze.bokings.odcs.yaml");
    }

    @Test
    void anUnknownStepIsNamedWithItsLine() throws Exception {
        Path file = write("a.camel.yaml", route("land-bookings", "direct:a", "- two: delta:bronze.bookings"));
        assertThat(mistake()).startsWith(file + ":6: ").contains("two").contains("write to, or");
    }

    @Test
    void anUnknownComponentIsNamedWithItsLine() throws Exception {
        Path file =
                write("a.camel.yaml", route("land-bookings", "direct:a", "- to:", "    uri: dleta:bronze.bookings"));
        assertThat(mistake())
                .isEqualTo(file
                        + ":7: there is no component 'dleta': write delta:, or add the jar of the component to lib/");
    }

    @Test
    void anUnknownParameterIsNamedWithItsLine() throws Exception {
        Path file = write("a.camel.yaml", """
                - route:
                    id: land-bookings
                    from:
                      uri: rabbitmq:events
                      parameters:
                        queue: events.bookings
                        prefetsch: 10
                      steps:
                        - to: delta:bronze.bookings
                """);
        assertThat(mistake())
                .isEqualTo(file
                        + ":7: the endpoint does not know the parameter prefetsch=10: write prefetch, or take it out");
    }

    @Test
    void aBeanThatIsNotThereIsNamedWithItsLine() throws Exception {
        Path file = write(
                "a.camel.yaml",
                route("land-bookings", "direct:a", "- process:", "    ref: shuot", "- to: delta:bronze.bookings"));
        assertThat(mistake()).isEqualTo(file + ":7: there is no bean 'shuot': define it under `- beans:` in this file");
    }

    @Test
    void aBeanOfAParameterThatIsNotThereIsNamedWithItsLine() throws Exception {
        Path file = write("a.camel.yaml", """
                - route:
                    id: land-bookings
                    from:
                      uri: timer:a
                      parameters:
                        timer: "#mine"
                      steps:
                        - to: delta:bronze.bookings
                """);
        assertThat(mistake()).startsWith(file + ":6: there is no bean 'mine'");
    }

    @Test
    void aValueThatDoesNotFitIsNamedWithItsLine() throws Exception {
        Path file = write("a.camel.yaml", """
                - route:
                    id: land-bookings
                    from:
                      uri: rabbitmq:events
                      parameters:
                        queue: events.bookings
                        prefetch: many
                      steps:
                        - to: delta:bronze.bookings
                """);
        assertThat(mistake()).isEqualTo(file + ":7: the value 'many' does not fit: write a whole number");
    }

    @Test
    void aPlaceholderThatNothingSetsIsNamedWithItsLine() throws Exception {
        Path file =
                write("a.camel.yaml", route("land-bookings", "\"direct:{{my.door}}\"", "- to: delta:bronze.bookings"));
        assertThat(mistake()).startsWith(file + ":4: nothing sets {{my.door}}: set it in");
    }

    @Test
    void aRouteWithoutStepsIsRefused() throws Exception {
        Path file = write("a.camel.yaml", """
                - route:
                    id: land-bookings
                    from:
                      uri: direct:a
                """);
        assertThat(mistake())
                .isEqualTo(file + ":1: the route has no steps: write under `steps:` what is done,"
                        + " such as `- to: delta:bronze.STREAM`");
    }

    @Test
    void anEmptyFileIsRefused() throws Exception {
        Path file = write("a.camel.yaml", "\n");
        assertThat(mistake()).isEqualTo(file + ": the file is empty: write its routes, or delete it");
    }

    @Test
    void twoReadersOfADoorAreRefused() throws Exception {
        write("a.camel.yaml", route("one", "direct:a", "- to: delta:bronze.bookings"));
        Path two = write("b.camel.yaml", route("two", "direct:a", "- to: delta:bronze.bookings"));
        assertThat(mistake())
                .isEqualTo(two + ":4: the route 'one' reads direct:a already: give one of the two another `from:`");
    }

    @Test
    void everyRouteOfAFileHasItsMistakes() throws Exception {
        Path file = write("a.camel.yaml", """
                - route:
                    id: one
                    from:
                      uri: direkt:a
                      steps:
                        - to: delta:bronze.bokings
                - route:
                    id: two
                    from:
                      uri: direct:b
                      steps:
                        - tu: delta:bronze.bookings
                """);
        assertThat(mistake().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(file + ":4: there is no component 'direkt': write direct:"),
                        line -> assertThat(line).startsWith(file + ":6: delta:bronze.bokings"),
                        line -> assertThat(line).startsWith(file + ":12: ").contains("write to"));
    }

    @Test
    void whatIsNoRouteIsRefused() throws Exception {
        Path file = write("a.camel.yaml", """
                - rest:
                    path: /x
                """);
        assertThat(mistake()).startsWith(file + ":1: 'rest' cannot stand in a route file");
    }

    @Test
    void brokenYamlIsNamedWithItsLine() throws Exception {
        Path file = write("a.camel.yaml", """
                - route:
                    id: land-bookings
                    from:
                      uri: direct:a
                     steps: []
                """);
        assertThat(mistake()).startsWith(file + ":5: this is not YAML: ").contains("check indentation");
    }

    @Test
    void everyBadFileHasItsLine() throws Exception {
        write("a.camel.yaml", transform("a", "a.sql"));
        write("b.camel.yaml", transform("b", "b.sql"));
        assertThat(mistake().lines()).hasSize(2);
    }

    @Test
    void aFolderThatIsNotThereIsNamedWithItsSetting() {
        assertThat(catchThrowable(() -> new RouteFolder(root.resolve("none"))))
                .isInstanceOf(RouteException.class)
                .hasMessageContaining("none")
                .hasMessageContaining("WADI_ROUTES_DIR");
    }

    @Test
    void theRoutesOfThisProjectAreRight() throws Exception {
        Path routes = Path.of("routes");
        FakeTables all = new FakeTables(Contracts.load(Path.of("schemas", "tables")).all().stream()
                .map(contract -> contract.table().toString())
                .toArray(String[]::new));
        DefaultCamelContext context =
                CamelFactory.context(new RabbitMqComponent("amqp://guest:guest@127.0.0.1:1"), new DeltaComponent(all));
        context.addComponent("sql", new PollComponent("", all, new Sources()));
        context.addComponent("debezium-postgres", new CdcComponent("", all, new Sources(), new SimpleMeterRegistry()));
        context.addComponent("kafka", new KafkaDoor("127.0.0.1:1"));
        context.addComponent("azure-storage-blob", new BlobDropComponent(new Sources()));
        context.getPropertiesComponent()
                .addInitialProperty("wadi.data-dir", root.resolve("data").toString());
        // the tables of this test have no feeds
        context.getPropertiesComponent().addInitialProperty("wadi.postgres.export", "false");
        try {
            start(context, routes, all);
            assertThat(context.getRoutesSize()).isEqualTo(47);
            for (int i = 0; i < 500 && all.transforms.size() < 36; i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(all.transforms)
                    .hasSize(36)
                    .allSatisfy(transform -> assertThat(transform.sql()).isNotBlank());
            assertThat(all.undriven).isEmpty();
        } finally {
            context.stop();
        }
    }

    /** A route whose {@code uri} is on line 4, and whose steps begin on line 6. */
    private static String route(String id, String uri, String... steps) {
        return """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                """.formatted(id, uri) + String.join("\n", steps).indent(8);
    }

    private static String transform(String id, String query) {
        return route(
                id,
                "delta:bronze.bookings",
                "- to:",
                "    uri: delta:silver.bookings",
                "    parameters:",
                "      query: " + query);
    }

    private void start(DefaultCamelContext context, Path folder, Tables known) throws Exception {
        Mistakes mistakes = new Mistakes();
        RouteSet set = new RouteFolder(folder).read(mistakes);
        new RouteTrial(
                        given -> {
                            DefaultCamelContext scratch = CamelFactory.context(
                                    new RabbitMqComponent(RabbitMqComponent.URI), new DeltaComponent(known));
                            scratch.addComponent("sql", new PollComponent("", known, new Sources()));
                            scratch.addComponent(
                                    "debezium-postgres",
                                    new CdcComponent("", known, new Sources(), new SimpleMeterRegistry()));
                            scratch.addComponent("kafka", new KafkaDoor("127.0.0.1:1"));
                            scratch.addComponent("azure-storage-blob", new BlobDropComponent(new Sources()));
                            scratch.getRegistry().bind("blobs", new Object());
                            return scratch;
                        },
                        known)
                .run(set, mistakes);
        assertThat(mistakes.lines()).isEmpty();
        new RouteSwap(context, known, true).add(set, set.routes().keySet(), Set.of(), set.files());
        context.start();
    }

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private String mistake() {
        Mistakes mistakes = new Mistakes();
        new RouteTrial(known -> context(), tables).run(new RouteFolder(root).read(mistakes), mistakes);
        assertThat(mistakes.count()).isPositive();
        return String.join("\n", mistakes.lines());
    }

    private DefaultCamelContext context() {
        return CamelFactory.context(new RabbitMqComponent(RabbitMqComponent.URI), new DeltaComponent(tables));
    }
}
