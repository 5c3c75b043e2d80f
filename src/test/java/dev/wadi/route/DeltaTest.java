package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.TableName;
import dev.wadi.merge.Delivery;
import dev.wadi.merge.FatalRuleException;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.merge.Transforms.Transform;
import dev.wadi.parts.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The component {@code delta:} above tables in memory. */
class DeltaTest {
    private static final TableName SILVER = TableName.parse("silver.bookings");

    @TempDir
    Path folder;

    private final FakeTables tables = new FakeTables("bronze.bookings", "silver.bookings", "gold.orders");
    private final TransformPace pace = new TransformPace(tables, 1);
    private final DefaultCamelContext camel =
            CamelFactory.context(new RabbitMqComponent(RabbitMqComponent.URI), new DeltaComponent(tables, pace));
    private Path query = Path.of("");

    @BeforeEach
    void writeQuery() throws Exception {
        query = Files.writeString(folder.resolve("orders.sql"), "SELECT 1 AS id FROM changes");
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void anExchangeEndsWhenTheCommitIsDone() throws Exception {
        Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
        CompletableFuture<MergeOutcome> commit = new CompletableFuture<>();
        tables.sink(delivery -> {
            deliveries.add(delivery);
            return commit;
        });
        start("direct:in", "delta:bronze.bookings");
        CompletableFuture<Void> sent = gateway()
                .send(
                        "direct:in",
                        "{\"id\":1}",
                        Map.of("Content-Type", "application/json", "CamelMessageTimestamp", 42L));

        assertThat(sent).isNotDone();
        Delivery delivery = deliveries.remove();
        assertThat(delivery.body()).isEqualTo("{\"id\":1}".getBytes(StandardCharsets.UTF_8));
        assertThat(delivery.contentType()).isEqualTo("application/json");
        assertThat(delivery.receivedAt()).isEqualTo(Instant.ofEpochMilli(42));
        assertThat(delivery.source()).isEqualTo("direct://in");
        commit.complete(FakeTables.unchanged("bronze.bookings"));
        sent.get(5, TimeUnit.SECONDS);
    }

    @Test
    void anExchangeFailsWithWhatTheCommitFailedWith() throws Exception {
        IllegalStateException full = new IllegalStateException("the disk is full");
        tables.sink(
                delivery -> CompletableFuture.<MergeOutcome>failedFuture(full).thenApply(outcome -> outcome));
        start("direct:in", "delta:bronze.bookings");
        CompletableFuture<Void> sent = gateway().send("direct:in", new byte[0], Map.of());
        assertThatThrownBy(() -> sent.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isSameAs(full);
    }

    @Test
    void aFatalRuleStopsTheRouteThatBroughtTheRows() throws Exception {
        FatalRuleException broken = new FatalRuleException("a row breaks the fatal rule 'positive'");
        tables.sink(delivery -> CompletableFuture.failedFuture(broken));
        start("direct:in", "delta:bronze.bookings");
        CompletableFuture<Void> sent = gateway().send("direct:in", new byte[0], Map.of());
        assertThatThrownBy(() -> sent.get(5, TimeUnit.SECONDS)).cause().isSameAs(broken);
        Await.until(
                () -> camel.getRouteController().getRouteStatus("shape-orders").isStopped());
    }

    @Test
    void aFatalRuleStopsTheTransform() throws Exception {
        tables.onTransform(transform -> {
            throw new FatalRuleException("a row breaks the fatal rule 'positive'");
        });
        start("delta:silver.bookings", to());
        Await.until(
                () -> camel.getRouteController().getRouteStatus("shape-orders").isStopped());
        assertThat(tables.transforms).hasSize(1);
    }

    @Test
    void aTransformRunsAtTheStartToCatchUp() throws Exception {
        start("delta:silver.bookings", to());
        Await.until(() -> tables.transforms.size() == 1);
        assertThat(tables.transforms)
                .containsExactly(new Transform(
                        "shape-orders", SILVER, TableName.parse("gold.orders"), "SELECT 1 AS id FROM changes"));
        Thread.sleep(200);
        assertThat(tables.transforms).hasSize(1);
    }

    @Test
    void aCommitRunsTheTransformAtOnce() throws Exception {
        start("delta:silver.bookings?poll=60000", to());
        Await.until(() -> tables.transforms.size() == 1);
        tables.commit("bronze.bookings", 1);
        tables.commit("silver.bookings", 1);
        Await.until(() -> tables.transforms.size() == 2);
    }

    @Test
    void manyCommitsWhileOneRunsMakeOneMore() throws Exception {
        CountDownLatch firstMayEnd = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        tables.onTransform(transform -> {
            assertThat(running.incrementAndGet()).isEqualTo(1);
            awaitLatch(firstMayEnd);
            running.decrementAndGet();
        });
        start("delta:silver.bookings?poll=60000", to());
        Await.until(() -> tables.transforms.size() == 1);
        for (int version = 1; version <= 1_000; version++) {
            tables.commit("silver.bookings", version);
        }
        firstMayEnd.countDown();
        Await.until(() -> tables.transforms.size() == 2);
        Thread.sleep(200);
        assertThat(tables.transforms).hasSize(2);
    }

    /** Beside nine others it rests ten times as long as it took; alone, or at an easy pace, as long. */
    @Test
    void transformsLeaveProcessorsToDoorsWhileManyEventsComeIn() throws Exception {
        for (int other = 1; other < 10; other++) {
            pace.rest(other, Duration.ZERO);
        }
        tables.perSecond = 10_000;
        tables.onTransform(transform -> sleep(100));
        start("delta:silver.bookings?poll=60000", to());
        Await.until(() -> tables.transforms.size() == 1);
        tables.commit("silver.bookings", 1);
        sleep(600);
        assertThat(tables.transforms).hasSize(1);
        Await.until(() -> tables.transforms.size() == 2);
    }

    @Test
    void aTransformLetsAFloodInFirst() throws Exception {
        tables.flooded = true;
        start("delta:silver.bookings?poll=60000", to());
        Thread.sleep(500);
        assertThat(tables.transforms).isEmpty();
        tables.flooded = false;
        Await.until(() -> tables.transforms.size() == 1);
    }

    @Test
    void aTransformThatSomebodyWaitsForRunsInAFlood() throws Exception {
        tables.flooded = true;
        start("delta:silver.bookings?poll=60000", to());
        Thread.sleep(300);
        assertThat(tables.transforms).isEmpty();
        long before = System.nanoTime();
        tables.awaited = "shape-orders";
        Await.until(() -> tables.transforms.size() == 1);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void aCommitOfAnotherProcessIsFoundByLooking() throws Exception {
        start("delta:silver.bookings?poll=100", to());
        Await.until(() -> tables.transforms.size() == 1);
        tables.versions.put(SILVER, 7L);
        Await.until(() -> tables.transforms.size() == 2);
    }

    @Test
    void aFailedTransformIsTriedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        tables.onTransform(transform -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("the disk is full");
            }
        });
        start("delta:silver.bookings?poll=60000", to());
        Await.until(() -> tables.transforms.size() == 3);
        Thread.sleep(200);
        assertThat(tables.transforms).hasSize(3);
    }

    @Test
    void aSuspendedRouteRestsAndAResumedOneCatchesUp() throws Exception {
        start("delta:silver.bookings?poll=50", to());
        Await.until(() -> tables.transforms.size() == 1);
        camel.getRouteController().suspendRoute("shape-orders");
        tables.commit("silver.bookings", 5);
        Thread.sleep(200);
        assertThat(tables.transforms).hasSize(1);
        camel.getRouteController().resumeRoute("shape-orders");
        Await.until(() -> tables.transforms.size() == 2);
    }

    @Test
    void theExchangeSaysWhichVersionOfWhichTable() throws Exception {
        tables.versions.put(SILVER, 12L);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("delta:silver.bookings")
                        .routeId("watch")
                        .process(exchange -> seen.add(exchange.getMessage().getHeader("WadiTable")
                                + "@"
                                + exchange.getMessage().getHeader("WadiVersion")));
            }
        });
        camel.start();
        Await.until(() -> seen.size() == 1);
        assertThat(seen).containsExactly("silver.bookings@12");
    }

    @Test
    void aTransformThatNoTableDrivesRunsByItself() throws Exception {
        start("timer:once?repeatCount=1&delay=0", to());
        Await.until(() -> tables.undriven.size() == 1);
        assertThat(tables.undriven).containsExactly("shape-orders gold.orders SELECT 1 AS id FROM changes");
    }

    @Test
    void aTableThatNoContractDescribesIsRefusedWithThoseThatAre() {
        assertThatThrownBy(() -> start("direct:in", "delta:bronze.trips"))
                .hasStackTraceContaining(
                        "delta:bronze.trips: no contract describes the table: write one of"
                                + " bronze.bookings, gold.orders, silver.bookings, or add schemas/tables/bronze.trips.odcs.yaml");
    }

    @Test
    void aStopWaitsForTheTransformThatRuns() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        tables.onTransform(transform -> {
            awaitLatch(mayEnd);
            ended.incrementAndGet();
        });
        start("delta:silver.bookings", to());
        Await.until(() -> tables.transforms.size() == 1);
        Thread stopping = Thread.ofPlatform().start(camel::stop);
        Thread.sleep(200);
        assertThat(stopping.isAlive()).isTrue();
        mayEnd.countDown();
        assertThat(stopping.join(Duration.ofSeconds(5))).isTrue();
        assertThat(ended).hasValue(1);
    }

    private String to() {
        return "delta:gold.orders?query=" + query;
    }

    private RouteGateway gateway() {
        return new RouteGateway(camel);
    }

    private void start(String from, String to) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).routeId("shape-orders").to(to);
            }
        });
        camel.start();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
