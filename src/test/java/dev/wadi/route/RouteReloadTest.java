package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.parts.Await;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.support.service.ServiceSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Routes that are edited while they run. */
class RouteReloadTest {
    private static final String SWITCH = "test.route-reload";
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean REFUSES = new AtomicBoolean();
    private static volatile CountDownLatch gate = new CountDownLatch(0);

    @TempDir
    Path root;

    private ApplicationContext application = ApplicationContext.builder().build();

    @Factory
    @Requires(property = SWITCH)
    static class Beans {
        @Singleton
        @Replaces(LakeTables.class)
        Tables tables() {
            return new FakeTables("bronze.bookings", "silver.bookings").sink(delivery -> {
                SEEN.add(new String(delivery.body(), java.nio.charset.StandardCharsets.UTF_8));
                return CompletableFuture.completedFuture(FakeTables.unchanged("bronze.bookings"));
            });
        }

        @Singleton
        @Named("wait")
        Processor waiting() {
            return exchange -> gate.await();
        }

        /** Is a part of a route that does not start, though nothing is wrong with how it is written. */
        @Singleton
        @Named("moody")
        Processor moody() {
            return new Moody();
        }
    }

    private static final class Moody extends ServiceSupport implements Processor {
        @Override
        public void process(org.apache.camel.Exchange exchange) {}

        @Override
        protected void doStart() {
            if (REFUSES.get()) {
                throw new IllegalStateException("not today");
            }
        }
    }

    @BeforeEach
    void reset() {
        SEEN.clear();
        REFUSES.set(false);
        gate = new CountDownLatch(0);
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void aChangedRouteIsReplacedAndTheOthersAreNotTouched() throws Exception {
        write("a.camel.yaml", route("a", "one"));
        write("b.camel.yaml", route("b", "one"));
        start();
        Route untouched = camel().getRoute("b");
        assertThat(send("a")).isEqualTo("a says one");

        write("a.camel.yaml", route("a", "two"));
        Await.until(() -> send("a").equals("a says two"));
        assertThat(camel().getRoute("b")).isSameAs(untouched);
        assertThat(routes().get("a").total()).isGreaterThan(1);
        assertThat(reloads("ok")).isEqualTo(1);
    }

    @Test
    void aCommentOrAnotherFormChangesNothing() throws Exception {
        write("a.camel.yaml", route("a", "one"));
        start();
        Route untouched = camel().getRoute("a");
        write(
                "a.camel.yaml",
                "# tells of one\n# and another\n" + route("a", "one").replace("\"", "'"));
        Await.until(() -> routes().get("a").purpose().equals("tells of one and another"));
        assertThat(routes().get("a").line()).isEqualTo(3);
        assertThat(camel().getRoute("a")).isSameAs(untouched);
    }

    @Test
    void filesThatComeGoAndMoveLeaveNoOrphan() throws Exception {
        write("a.camel.yaml", route("a", "one"));
        start();
        write("deep/b.camel.yaml", route("b", "one"));
        Await.until(() -> ids().equals(List.of("a", "b")));
        assertThat(send("b")).isEqualTo("b says one");

        Route moved = camel().getRoute("b");
        Files.move(root.resolve("deep/b.camel.yaml"), root.resolve("c.camel.yaml"));
        Await.until(() ->
                routes().get("b").file().equals(root.resolve("c.camel.yaml").toString()));
        assertThat(camel().getRoute("b")).isSameAs(moved);

        Files.delete(root.resolve("a.camel.yaml"));
        Await.until(() -> ids().equals(List.of("b")));
        assertThat(camel().getRoutes()).hasSize(1);
        assertThat(camel().getEndpoints())
                .noneMatch(endpoint -> endpoint.getEndpointUri().equals("direct://a"));
        assertThatThrownBy(() -> gateway("a")).isInstanceOf(Exception.class);

        write("c.camel.yaml", route("renamed", "one"));
        Await.until(() -> ids().equals(List.of("renamed")));
        assertThat(camel().getRoutes()).hasSize(1);
    }

    @Test
    void aMistakeLeavesTheRoutesOfBeforeAndIsToldUntilItIsCorrected() throws Exception {
        write("a.camel.yaml", route("a", "one"));
        start();
        Path bad = write("b.camel.yaml", route("b", "one").replace("delta:bronze.bookings", "delta:bronze.bokings"));
        write("a.camel.yaml", route("a", "two"));
        Await.until(() -> routes().problem().isPresent());
        assertThat(routes().problem().orElseThrow().mistakes())
                .singleElement()
                .asString()
                .startsWith(bad + ":8: delta:bronze.bokings: no contract describes the table: write bronze.bookings");
        assertThat(send("a")).isEqualTo("a says one");
        assertThat(ids()).containsExactly("a");
        HealthResult health = health();
        assertThat(health.getStatus()).isEqualTo(HealthStatus.UP);
        assertThat(String.valueOf(health.getDetails())).contains("warning").contains("bronze.bokings");
        assertThat(reloads("refused")).isEqualTo(1);

        write("b.camel.yaml", route("b", "one"));
        Await.until(() -> ids().equals(List.of("a", "b")));
        assertThat(send("a")).isEqualTo("a says two");
        assertThat(routes().problem()).isEmpty();
        assertThat(String.valueOf(health().getDetails())).doesNotContain("warning");
    }

    @Test
    void aHalfWrittenFileLeavesTheRoutesOfBefore() throws Exception {
        Path file = write("a.camel.yaml", route("a", "one"));
        start();
        for (String half :
                List.of("", "- route:\n    id: a\n    from:\n      uri: \"direct", "- route:\n    id: a\n")) {
            Files.writeString(file, half);
            Await.until(() -> routes().problem().isPresent());
            assertThat(send("a")).isEqualTo("a says one");
            Files.writeString(file, route("a", "one"));
            Await.until(() -> routes().problem().isEmpty());
        }
    }

    @Test
    void aStoppedRouteStaysStoppedOverAnEdit() throws Exception {
        write("a.camel.yaml", route("a", "one"));
        start();
        assertThat(routes().stop("a").state()).isEqualTo(Routes.State.STOPPED);
        assertThat(health().getStatus()).isEqualTo(HealthStatus.UP);
        write("a.camel.yaml", "# tells of two\n" + route("a", "two"));
        Await.until(() -> routes().get("a").purpose().equals("tells of two"));
        assertThat(routes().get("a").state()).isEqualTo(Routes.State.STOPPED);
        assertThatThrownBy(() -> gateway("a")).isInstanceOf(Exception.class);

        assertThat(routes().start("a").state()).isEqualTo(Routes.State.STARTED);
        assertThat(send("a")).isEqualTo("a says two");
        assertThatThrownBy(() -> routes().stop("b"))
                .isInstanceOf(Routes.UnknownRouteException.class)
                .hasMessage("There is no route 'b'. There are: a.");
    }

    @Test
    void whenANewRouteDoesNotStartTheOldOnesRunAgain() throws Exception {
        write("a.camel.yaml", route("a", "one"));
        write("b.camel.yaml", route("b", "one"));
        start();
        REFUSES.set(true);
        write("a.camel.yaml", route("a", "two"));
        write("b.camel.yaml", route("b", "one").replace("- to:", "- process: {ref: moody}\n        - to:"));
        Await.until(() -> routes().problem().isPresent());
        assertThat(routes().problem().orElseThrow().mistakes())
                .containsExactly(root.resolve("b.camel.yaml") + ":1: the route 'b' does not start: not today");
        assertThat(send("a")).isEqualTo("a says one");
        assertThat(send("b")).isEqualTo("b says one");
        assertThat(reloads("failed")).isEqualTo(1);

        REFUSES.set(false);
        write("a.camel.yaml", route("a", "three"));
        Await.until(() -> send("a").equals("a says three"));
        Await.until(() -> send("b").equals("b says one"));
    }

    @Test
    void whatIsInHandIsFinishedByTheOldRoute() throws Exception {
        gate = new CountDownLatch(1);
        write("a.camel.yaml", route("a", "one").replace("- to:", "- process: {ref: wait}\n        - to:"));
        start();
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
            try {
                gateway("a");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Await.until(() -> routes().get("a").inflight() == 1);
        write("a.camel.yaml", route("a", "two"));
        TimeUnit.MILLISECONDS.sleep(1_500);
        assertThat(sent).isNotDone();
        gate.countDown();
        sent.get(10, TimeUnit.SECONDS);
        assertThat(SEEN).containsExactly("a says one");
        Await.until(() -> send("a").equals("a says two"));
    }

    @Test
    void anEditedQueryReplacesTheRouteThatNamesIt() throws Exception {
        write("clean.sql", "SELECT 1");
        write("other.sql", "SELECT 1");
        write("clean.camel.yaml", transform("clean", "clean.sql") + transform("other", "other.sql"));
        start();
        FakeTables tables = (FakeTables) application.getBean(Tables.class);
        Await.until(() -> tables.transforms.size() == 2);
        Route untouched = camel().getRoute("other");
        write("clean.sql", "SELECT 2");
        Await.until(() -> tables.transforms.size() == 3);
        assertThat(tables.transforms.getLast().id()).isEqualTo("clean");
        assertThat(tables.transforms.getLast().sql()).isEqualTo("SELECT 2");
        assertThat(camel().getRoute("other")).isSameAs(untouched);
    }

    @Test
    void theFilesOfAMountedVolumeAreFollowed() throws Exception {
        // as Kubernetes lays out a ConfigMap
        write("..one/a.camel.yaml", route("a", "one"));
        Files.createSymbolicLink(root.resolve("..data"), Path.of("..one"));
        Files.createSymbolicLink(root.resolve("a.camel.yaml"), Path.of("..data/a.camel.yaml"));
        start();
        assertThat(send("a")).isEqualTo("a says one");
        write("..two/a.camel.yaml", route("a", "two"));
        Files.createSymbolicLink(root.resolve("..tmp"), Path.of("..two"));
        Files.move(root.resolve("..tmp"), root.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Await.until(() -> send("a").equals("a says two"));
    }

    @Test
    void whereAnotherProcessRunsThemOnlySharedSourcesAreTakenFromAlsoAfterAnEdit() throws Exception {
        Files.writeString(root.resolve("from-bookings.sql"), "SELECT 1");
        write("t.camel.yaml", transform("t", "from-bookings.sql"));
        write("a.camel.yaml", route("a", "one"));
        start(false);
        assertThat(routes().get("t").state()).isEqualTo(Routes.State.STOPPED);
        assertThat(routes().get("a").state()).isEqualTo(Routes.State.STARTED);
        write(
                "t.camel.yaml",
                transform("t", "from-bookings.sql").replace("route:\n", "route:\n    description: Cleans.\n"));
        Await.until(() -> routes().get("t").purpose().equals("Cleans."));
        assertThat(routes().get("t").state()).isEqualTo(Routes.State.STOPPED);
        assertThat(routes().start("t").state()).isEqualTo(Routes.State.STARTED);
    }

    private static String route(String id, String says) {
        return """
                - route:
                    id: %s
                    from:
                      uri: direct:%s
                      steps:
                        - setBody:
                            constant: "%s says %s"
                        - to: delta:bronze.bookings
                """.formatted(id, id, id, says);
    }

    private static String transform(String id, String query) {
        return """
                - route:
                    id: %s
                    from:
                      uri: delta:bronze.bookings
                      steps:
                        - to:
                            uri: delta:silver.bookings
                            parameters:
                              query: %s
                """.formatted(id, query);
    }

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void start() {
        start(true);
    }

    private void start(boolean single) {
        application = ApplicationContext.run(Map.of(
                SWITCH,
                "true",
                "wadi.routes-dir",
                root.toString(),
                "rabbitmq.uri",
                "amqp://guest:secret@127.0.0.1:1",
                "wadi.single-routes",
                single));
    }

    private Routes routes() {
        return application.getBean(Routes.class);
    }

    private CamelContext camel() {
        return application.getBean(CamelContext.class);
    }

    private List<String> ids() {
        return routes().list().stream().map(Routes.Status::id).toList();
    }

    private double reloads(String result) {
        return application
                .getBean(MeterRegistry.class)
                .counter("wadi.routes.reloads", "result", result)
                .count();
    }

    private HealthResult health() {
        return Objects.requireNonNull(
                Mono.from(application.getBean(RoutesHealth.class).getResult()).block());
    }

    private void gateway(String door) throws Exception {
        application
                .getBean(RouteGateway.class)
                .send("direct:" + door, "x", Map.of())
                .get(30, TimeUnit.SECONDS);
    }

    /** What the table got; why not, when a route is just being replaced. */
    private String send(String door) {
        try {
            SEEN.clear();
            gateway(door);
            return String.join(",", SEEN);
        } catch (Exception e) {
            return "failed: " + e;
        }
    }
}
