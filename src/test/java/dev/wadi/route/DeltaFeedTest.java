package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.TableName;
import dev.wadi.merge.Transforms;
import dev.wadi.parts.Await;
import io.micronaut.context.ApplicationContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code from: delta:...?feed=name} above a lake. */
class DeltaFeedTest {
    private static final TableName BOOKINGS = TableName.parse("silver.bookings");
    private static final String FEED = "delta:silver.bookings?feed=search";

    @TempDir
    Path root;

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void describe() throws Exception {
        Files.createDirectories(root.resolve("routes"));
        Files.createDirectories(root.resolve("schemas/tables"));
        Files.writeString(root.resolve("schemas/tables/silver.bookings.odcs.yaml"), """
                apiVersion: v3.1.0
                kind: DataContract
                id: silver.bookings
                version: 1.0.0
                status: active
                schema:
                  - name: bookings
                    physicalName: silver.bookings
                    physicalType: table
                    description: Bookings.
                    customProperties:
                      - property: sequenceBy
                        value: [seq]
                      - property: deleteWhen
                        value: op = 'D'
                      - property: storeExcept
                        value: [op]
                    properties:
                      - {name: id, logicalType: string, physicalType: STRING, required: true, primaryKey: true, description: Id.}
                      - {name: seq, logicalType: integer, physicalType: LONG, required: true, description: Order.}
                      - {name: op, logicalType: string, physicalType: STRING, description: What happened.}
                """);
    }

    /** An application on the lake, with one route from the feed. */
    private final class Follower implements AutoCloseable {
        private final ApplicationContext application = ApplicationContext.run(Map.of(
                "wadi.routes-dir", root.resolve("routes").toString(),
                "wadi.schemas-dir", root.resolve("schemas").toString(),
                "wadi.lake", root.resolve("lake").toString(),
                "wadi.data-dir", root.resolve("data").toString(),
                "rabbitmq.uri", "amqp://guest:secret@127.0.0.1:1"));
        private final Transforms transforms = application.getBean(Transforms.class);
        private final DefaultCamelContext camel = CamelFactory.context(
                new RabbitMqComponent(RabbitMqComponent.URI), new DeltaComponent(application.getBean(Tables.class)));

        Follower follow(String uri, Processor processor) throws Exception {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(uri).routeId("follow-bookings").process(processor).process(DeltaFeedTest.this::saw);
                }
            });
            camel.start();
            return this;
        }

        void merge(String... rows) {
            String values = String.join(", ", rows);
            transforms.run("test", BOOKINGS, "SELECT * FROM (VALUES %s) v(id, seq, op)".formatted(values));
        }

        @Override
        public void close() {
            camel.stop();
            application.close();
        }
    }

    private void saw(Exchange exchange) {
        List<?> rows = exchange.getMessage().getBody(List.class);
        StringBuilder text = new StringBuilder("v" + exchange.getMessage().getHeader("WadiVersion"));
        for (Object row : rows) {
            Map<?, ?> values = (Map<?, ?>) row;
            assertThat(values.get("_commit_version"))
                    .isEqualTo(exchange.getMessage().getHeader("WadiVersion"));
            assertThat(values.get("_commit_timestamp"))
                    .isEqualTo(exchange.getMessage().getHeader("WadiTimestamp"));
            text.append(" %s %s%s".formatted(values.get("_change_type"), values.get("id"), values.get("seq")));
        }
        seen.add(text + (exchange.getMessage().getHeader("WadiLast", false, Boolean.class) ? "." : ".."));
    }

    private static void nothing(Exchange exchange) {}

    @Test
    void aRouteGetsAllRowsThenWhatEachVersionChanged() throws Exception {
        try (Follower follower = new Follower()) {
            follower.merge("('a', 1, 'U')", "('b', 1, 'U')");
            follower.follow(FEED, DeltaFeedTest::nothing);
            Await.until(() -> seen.size() == 1);
            follower.merge("('a', 2, 'U')", "('b', 2, 'D')", "('c', 1, 'U')");
            Await.until(() -> seen.size() == 2);
            follower.merge("('a', 1, 'U')");
            follower.merge("('d', 1, 'U')");
            Await.until(() -> seen.size() == 3);
            assertThat(seen)
                    .containsExactly(
                            "v1 insert a1 insert b1.",
                            "v2 update_preimage a1 update_postimage a2 delete b1 insert c1.",
                            "v3 insert d1.");
        }
    }

    @Test
    void aBigVersionComesInSeveralExchanges() throws Exception {
        try (Follower follower = new Follower()) {
            follower.follow(FEED + "&startingVersion=latest&batchRows=2", DeltaFeedTest::nothing);
            follower.merge("('a', 1, 'U')", "('b', 1, 'U')", "('c', 1, 'U')");
            follower.merge("('d', 1, 'U')");
            Await.until(() -> seen.size() == 3);
            assertThat(seen).containsExactly("v1 insert a1 insert b1..", "v1 insert c1.", "v2 insert d1.");
        }
    }

    @Test
    void whatFailsIsDeliveredAgainAndWhatComesLaterWaits() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Follower follower = new Follower()) {
            follower.follow(FEED + "&startingVersion=1", exchange -> {
                if (tries.incrementAndGet() < 3) {
                    throw new IllegalStateException("the index is away");
                }
            });
            follower.merge("('a', 1, 'U')");
            follower.merge("('b', 1, 'U')");
            Await.until(() -> seen.size() == 2);
            assertThat(seen).containsExactly("v1 insert a1.", "v2 insert b1.");
            assertThat(tries).hasValue(4);
        }
    }

    @Test
    void aRestartGoesOnInTheMiddleOfAVersion() throws Exception {
        try (Follower follower = new Follower()) {
            follower.merge("('a', 1, 'U')", "('b', 1, 'U')", "('c', 1, 'U')", "('d', 1, 'U')");
            AtomicInteger exchanges = new AtomicInteger();
            follower.follow(FEED + "&batchRows=2", exchange -> {
                if (exchanges.incrementAndGet() > 1) {
                    throw new IllegalStateException("the index is away");
                }
            });
            Await.until(() -> exchanges.get() == 2);
        }
        try (Follower follower = new Follower()) {
            follower.merge("('e', 1, 'U')");
            follower.follow(FEED + "&batchRows=2", DeltaFeedTest::nothing);
            Await.until(() -> seen.size() == 3);
            assertThat(seen).containsExactly("v1 insert a1 insert b1..", "v1 insert c1 insert d1.", "v2 insert e1.");
        }
    }

    /** The first application never gets to acknowledge: for the lake that is what a kill looks like. */
    @Test
    void afterAKillWhatWasUnderWayIsDeliveredAgain() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch underWay = new CountDownLatch(1);
        try (Follower killed = new Follower()) {
            killed.merge("('a', 1, 'U')");
            killed.follow(FEED, exchange -> {
                if (exchange.getMessage().getHeader("WadiVersion", Long.class) == 2) {
                    underWay.countDown();
                    over.await();
                    throw new IllegalStateException("killed");
                }
            });
            Await.until(() -> seen.size() == 1);
            killed.merge("('a', 2, 'U')");
            assertThat(underWay.await(10, TimeUnit.SECONDS)).isTrue();
            try (Follower next = new Follower()) {
                next.merge("('a', 3, 'D')");
                next.follow(FEED, DeltaFeedTest::nothing);
                Await.until(() -> seen.size() == 3);
            }
            assertThat(seen)
                    .containsExactly("v1 insert a1.", "v2 update_preimage a1 update_postimage a2.", "v3 delete a2.");
            over.countDown();
        }
    }

    @Test
    void optionsThatMakeNoSenseAreRefusedWithWhatToWrite() {
        DefaultCamelContext camel = CamelFactory.context(
                new RabbitMqComponent(RabbitMqComponent.URI), new DeltaComponent(new FakeTables("silver.bookings")));
        assertThatThrownBy(() -> camel.getEndpoint("delta:silver.bookings?batchRows=5"))
                .hasStackTraceContaining("write feed=NAME too");
        assertThatThrownBy(() -> camel.getEndpoint(FEED + "&batchRows=1"))
                .hasStackTraceContaining("batchRows=1: write 2 or more");
        assertThatThrownBy(() -> camel.getEndpoint(FEED + "&startingVersion=oldest"))
                .hasStackTraceContaining("startingVersion=oldest: write snapshot");
        assertThatThrownBy(() -> camel.getEndpoint("delta:silver.bookings?feed=a/b"))
                .hasStackTraceContaining("feed=a/b: write a name of letters");
        assertThatThrownBy(() -> camel.getEndpoint(FEED).createProducer())
                .hasMessageContaining("write it at the `from:`");
    }
}
