package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import dev.wadi.merge.Delivery;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.parts.RabbitMqServer;
import dev.wadi.route.BrokerUnavailableException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The component {@code rabbitmq:} against RabbitMQ. Every test has its own exchange and queue. */
@NullUnmarked
class RabbitMqTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final String TABLE = "bronze.clicks";

    private static RabbitMqServer server;

    private final String exchange = "x" + NUMBERS.incrementAndGet();
    private final String queue = exchange + ".clicks";
    private final FakeTables tables = new FakeTables(TABLE);
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
    private @Nullable DefaultCamelContext camel;

    @BeforeAll
    static void startServer() {
        server = RabbitMqServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @AfterEach
    void stop() {
        stopCamel();
        later.shutdownNow();
    }

    @Test
    void aMessageIsAcknowledgedOnlyWhenItsExchangeIsComplete() throws Exception {
        Queue<CompletableFuture<MergeOutcome>> held = new ConcurrentLinkedQueue<>();
        tables.sink(delivery -> {
            var future = new CompletableFuture<MergeOutcome>();
            held.add(future);
            return future;
        });
        consume("");
        publish(10);
        await(() -> held.size() == 10);
        assertThat(unacknowledged()).isEqualTo(10);

        // nine of them: the first is still on its way
        held.stream().skip(1).forEach(future -> future.complete(FakeTables.unchanged(TABLE)));
        await(() -> unacknowledged() == 1);

        held.peek().complete(FakeTables.unchanged(TABLE));
        await(() -> unacknowledged() == 0);
        assertThat(ready()).isZero();
    }

    @Test
    void aDeliveryCarriesWhereItCameFrom() throws Exception {
        List<Delivery> deliveries = new ArrayList<>();
        tables.sink(delivery -> {
            deliveries.add(delivery);
            return CompletableFuture.completedFuture(FakeTables.unchanged(TABLE));
        });
        consume("");
        Instant sent = Instant.parse("2026-03-01T10:00:00Z");
        try (Connection connection = server.connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            var properties = new BasicProperties.Builder()
                    .messageId("m-1")
                    .contentType("application/json")
                    .timestamp(Date.from(sent))
                    .build();
            channel.basicPublish(exchange, "clicks", properties, "{}".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(10_000);
        }
        await(() -> !deliveries.isEmpty());

        Delivery delivery = deliveries.get(0);
        assertThat(delivery.source()).isEqualTo("rabbitmq:" + queue);
        assertThat(delivery.position()).isEqualTo("m-1");
        assertThat(delivery.contentType()).isEqualTo("application/json");
        assertThat(delivery.receivedAt()).isEqualTo(sent);
        assertThat(delivery.body()).asString().isEqualTo("{}");
    }

    @Test
    void aFailedMessageGoesBackAndIsTriedAgainAfterAPause() throws Exception {
        Map<String, List<Long>> tries = new ConcurrentHashMap<>();
        tables.sink(delivery -> {
            List<Long> times = tries.computeIfAbsent(delivery.position(), id -> new ArrayList<>());
            times.add(System.nanoTime());
            return times.size() < 3 && delivery.position().equals("7")
                    ? CompletableFuture.failedFuture(new IllegalStateException("the disk is full"))
                    : CompletableFuture.completedFuture(FakeTables.unchanged(TABLE));
        });
        consume("&retryDelay=200");
        publish(20);
        await(() -> tries.getOrDefault("7", List.of()).size() == 3 && unacknowledged() == 0);

        List<Long> times = tries.get("7");
        assertThat(times.get(1) - times.get(0)).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(190));
        assertThat(tries.entrySet())
                .filteredOn(entry -> !entry.getKey().equals("7"))
                .hasSize(19)
                .allSatisfy(entry -> assertThat(entry.getValue()).hasSize(1));
        assertThat(ready()).isZero();
    }

    @Test
    void whatWasOnItsWayWhenTheBrokerDiesComesAgain() throws Exception {
        Set<String> stored = ConcurrentHashMap.newKeySet();
        AtomicInteger submitted = new AtomicInteger();
        Random random = new Random(11);
        tables.sink(delivery -> {
            submitted.incrementAndGet();
            var future = new CompletableFuture<MergeOutcome>();
            int delay;
            synchronized (random) {
                delay = random.nextInt(200);
            }
            later.schedule(
                    () -> {
                        stored.add(delivery.position());
                        future.complete(FakeTables.unchanged(TABLE));
                    },
                    delay,
                    TimeUnit.MILLISECONDS);
            return future;
        });
        consume("&prefetch=500");
        publish(5_000);
        await(() -> stored.size() > 1_000);
        server.kill();
        server.launch();

        await(() -> stored.size() == 5_000 && unacknowledged() == 0 && ready() == 0);
        assertThat(submitted.get()).isGreaterThan(5_000);
    }

    @Test
    void aStopLetsMessagesFinishAndAcknowledgesThem() throws Exception {
        Set<String> stored = ConcurrentHashMap.newKeySet();
        tables.sink(delivery -> {
            var future = new CompletableFuture<MergeOutcome>();
            later.schedule(
                    () -> {
                        stored.add(delivery.position());
                        future.complete(FakeTables.unchanged(TABLE));
                    },
                    300,
                    TimeUnit.MILLISECONDS);
            return future;
        });
        consume("&prefetch=100");
        publish(1_000);
        await(() -> stored.size() >= 200);
        long begin = System.nanoTime();
        stopCamel();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        await(() -> unacknowledged() == 0);
        assertThat(ready()).isEqualTo(1_000 - stored.size());
    }

    @Test
    void whatDoesNotFinishBeforeAStopGoesBack() throws Exception {
        AtomicInteger submitted = new AtomicInteger();
        tables.sink(delivery -> {
            submitted.incrementAndGet();
            return new CompletableFuture<>();
        });
        consume("");
        camel.getShutdownStrategy().setTimeout(1);
        publish(50);
        await(() -> submitted.get() == 50);
        stopCamel();
        await(() -> ready() == 50);
    }

    @Test
    void aSuspendedRouteTakesNothingAndAResumedOneTakesTheRest() throws Exception {
        Set<String> stored = ConcurrentHashMap.newKeySet();
        tables.sink(delivery -> {
            stored.add(delivery.position());
            return CompletableFuture.completedFuture(FakeTables.unchanged(TABLE));
        });
        consume("");
        camel.getRouteController().suspendRoute("land");
        publish(10);
        Thread.sleep(300);
        assertThat(stored).isEmpty();
        assertThat(ready()).isEqualTo(10);

        camel.getRouteController().resumeRoute("land");
        await(() -> stored.size() == 10 && unacknowledged() == 0 && ready() == 0);
    }

    @Test
    void twentyThousandMessagesArriveOnceEach() throws Exception {
        Queue<String> positions = new ConcurrentLinkedQueue<>();
        tables.sink(delivery -> {
            positions.add(delivery.position());
            return CompletableFuture.completedFuture(FakeTables.unchanged(TABLE));
        });
        consume("");
        publish(20_000);
        await(() -> positions.size() >= 20_000 && unacknowledged() == 0 && ready() == 0);
        assertThat(positions).hasSize(20_000).doesNotHaveDuplicates();
    }

    @Test
    void sendingEndsWhenTheBrokerHasTheMessage() throws Exception {
        declareQueue();
        RouteGateway gateway = publisher("");
        gateway.send(
                        "direct:in",
                        "{\"a\":1}",
                        Map.of(
                                RabbitMqMessage.ROUTING_KEY, "clicks",
                                Exchange.CONTENT_TYPE, "application/json",
                                Exchange.MESSAGE_TIMESTAMP, 1_700_000_000_123L))
                .get(10, TimeUnit.SECONDS);

        try (Connection connection = server.connect();
                Channel channel = connection.createChannel()) {
            GetResponse message = channel.basicGet(queue, true);
            assertThat(message.getBody()).asString().isEqualTo("{\"a\":1}");
            assertThat(message.getProps().getContentType()).isEqualTo("application/json");
            assertThat(message.getProps().getDeliveryMode()).isEqualTo(2);
            assertThat(message.getProps().getMessageId()).isNotBlank();
            assertThat(message.getProps().getHeaders())
                    .containsEntry(RabbitMqMessage.MILLIS_HEADER, 1_700_000_000_123L);
        }
    }

    @Test
    void aMessageThatNoQueueTakesFails() throws Exception {
        declareQueue();
        RouteGateway gateway = publisher("");
        List<CompletableFuture<Void>> good = new ArrayList<>();
        List<CompletableFuture<Void>> lost = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            good.add(gateway.send("direct:in", "{}", Map.of(RabbitMqMessage.ROUTING_KEY, "clicks")));
            lost.add(gateway.send("direct:in", "{}", Map.of(RabbitMqMessage.ROUTING_KEY, "nobody")));
        }
        for (CompletableFuture<Void> future : good) {
            future.get(10, TimeUnit.SECONDS);
        }
        for (CompletableFuture<Void> future : lost) {
            assertThat(reason(future)).isEqualTo(Reason.UNROUTABLE);
        }
        assertThat(ready()).isEqualTo(500);
    }

    @Test
    void sendingFailsWhileTheBrokerIsAwayAndWorksWhenItIsBack() throws Exception {
        declareQueue();
        RouteGateway gateway = publisher("");
        Map<String, Object> headers = Map.of(RabbitMqMessage.ROUTING_KEY, "clicks");
        gateway.send("direct:in", "{}", headers).get(10, TimeUnit.SECONDS);
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        Thread killer = Thread.ofPlatform().start(() -> {
            sleep(100);
            server.kill();
        });
        while (killer.isAlive()) {
            sent.add(gateway.send("direct:in", "{}", headers));
        }
        long begin = System.nanoTime();
        assertThat(reason(gateway.send("direct:in", "{}", headers))).isIn(Reason.DISCONNECTED, Reason.LOST);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
        server.launch();
        await(() -> {
            try {
                gateway.send("direct:in", "{}", headers).get(10, TimeUnit.SECONDS);
                return true;
            } catch (ExecutionException | InterruptedException | TimeoutException e) {
                return false;
            }
        });

        int confirmed = 2; // the first one, and the one after the restart
        for (CompletableFuture<Void> future : sent) {
            Reason reason = reason(future);
            assertThat(reason).isIn(null, Reason.LOST, Reason.DISCONNECTED, Reason.OVERLOADED);
            confirmed += reason == null ? 1 : 0;
        }
        // perhaps more: some that were stored and not confirmed any more
        assertThat(ready()).isGreaterThanOrEqualTo(confirmed);
    }

    @Test
    void aBrokerThatIsShortOfMemoryIsSaidToBeSo() throws Exception {
        declareQueue();
        RouteGateway gateway = publisher("&confirmTimeout=3000");
        Map<String, Object> headers = Map.of(RabbitMqMessage.ROUTING_KEY, "clicks");
        gateway.send("direct:in", "{}", headers).get(10, TimeUnit.SECONDS);
        server.control("set_vm_memory_high_watermark", "absolute", "1MB");
        try {
            // the broker says so on the first message that it does not read
            await(() -> reason(gateway.send("direct:in", "{}", headers)) == Reason.BLOCKED);
        } finally {
            server.control("set_vm_memory_high_watermark", "0.4");
        }
        await(() -> reason(gateway.send("direct:in", "{}", headers)) == null);
    }

    @Test
    void moreThanMayWaitIsRefusedAtOnceWhenNoWaitIsAllowed() throws Exception {
        declareQueue();
        RouteGateway gateway = publisher("&maxUnconfirmed=10&publishWait=0");
        Map<String, Object> headers = Map.of(RabbitMqMessage.ROUTING_KEY, "clicks");
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            sent.add(gateway.send("direct:in", "{}", headers));
        }
        int confirmed = 0;
        for (CompletableFuture<Void> future : sent) {
            Reason reason = reason(future);
            assertThat(reason).isIn(null, Reason.OVERLOADED);
            confirmed += reason == null ? 1 : 0;
        }
        assertThat(confirmed).isBetween(10, 4_999);
        assertThat(ready()).isEqualTo(confirmed);
    }

    @Test
    void aKeyThatAmqpHasNoRoomForFailsAloneAndCountsForNothing() throws Exception {
        declareQueue();
        RouteGateway gateway = publisher("");
        Map<String, Object> headers = Map.of(RabbitMqMessage.ROUTING_KEY, "clicks");
        gateway.send("direct:in", "{}", headers).get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> gateway.send("direct:in", "{}", Map.of(RabbitMqMessage.ROUTING_KEY, "k".repeat(256)))
                        .get(10, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write at most 255 bytes");
        assertThat(reason(gateway.send("direct:in", "{}", Map.of(RabbitMqMessage.ROUTING_KEY, "nobody"))))
                .isEqualTo(Reason.UNROUTABLE);
        gateway.send("direct:in", "{}", headers).get(10, TimeUnit.SECONDS);
        assertThat(ready()).isEqualTo(2);
    }

    @Test
    void aQueueWithOtherArgumentsIsReportedWithACure() throws Exception {
        try (Connection connection = server.connect();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(queue, true, false, false, Map.of("x-max-length", 5));
        }
        RabbitMqComponent component = consume("");
        await(() -> component.ends().values().stream().anyMatch(problem -> problem.contains("declare=false")));
    }

    @Test
    void aConsumerWithoutAQueueIsRefused() {
        RabbitMqComponent component = new RabbitMqComponent(server.uri());
        DefaultCamelContext context = CamelFactory.context(component, new DeltaComponent(tables));
        assertThatThrownBy(() -> {
                    context.addRoutes(route("rabbitmq:" + exchange, "log:x"));
                    context.start();
                })
                .hasStackTraceContaining("names no queue: write rabbitmq:%s?queue=QUEUE".formatted(exchange));
        context.stop();
    }

    @Test
    void anAddressThatIsNoneIsRefusedWithoutRepeatingItsPassword() {
        assertThatThrownBy(() -> new RabbitMqComponent("http://guest:secret@host"))
                .hasMessageContaining("RABBITMQ_URI")
                .hasMessageNotContaining("secret");
    }

    private RabbitMqComponent consume(String parameters) throws Exception {
        String uri = "rabbitmq:%s?queue=%s&routingKey=clicks%s".formatted(exchange, queue, parameters);
        return start(route(uri, "delta:" + TABLE));
    }

    private RouteGateway publisher(String parameters) throws Exception {
        start(route("direct:in", "rabbitmq:%s?exchangeType=topic%s".formatted(exchange, parameters)));
        return new RouteGateway(camel);
    }

    private RabbitMqComponent start(RouteBuilder routes) throws Exception {
        RabbitMqComponent component = new RabbitMqComponent(server.uri());
        camel = CamelFactory.context(component, new DeltaComponent(tables));
        camel.addRoutes(routes);
        camel.start();
        return component;
    }

    private static RouteBuilder route(String from, String to) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from(from).routeId("land").to(to);
            }
        };
    }

    private void stopCamel() {
        if (camel != null) {
            camel.stop();
            camel = null;
        }
    }

    private void declareQueue() throws Exception {
        try (Connection connection = server.connect();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare(exchange, "topic", true);
            channel.queueDeclare(queue, true, false, false, Map.of());
            channel.queueBind(queue, exchange, "clicks");
        }
    }

    /** Messages with the ids 0, 1, 2 ... */
    private void publish(int count) throws Exception {
        try (Connection connection = server.connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (int i = 0; i < count; i++) {
                var properties = new BasicProperties.Builder()
                        .deliveryMode(2)
                        .messageId("" + i)
                        .build();
                channel.basicPublish(exchange, "clicks", properties, "{}".getBytes(StandardCharsets.UTF_8));
            }
            channel.waitForConfirmsOrDie(30_000);
        }
    }

    private long ready() {
        try (Connection connection = server.connect();
                Channel channel = connection.createChannel()) {
            return channel.queueDeclarePassive(queue).getMessageCount();
        } catch (IOException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private long unacknowledged() {
        try {
            String queues = server.control("list_queues", "--silent", "name", "messages_unacknowledged");
            for (String line : queues.lines().toList()) {
                String[] words = line.split("\t");
                if (words[0].equals(queue)) {
                    return Long.parseLong(words[1]);
                }
            }
            return -1;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Reason reason(CompletableFuture<Void> future) {
        try {
            future.orTimeout(40, TimeUnit.SECONDS).join();
            return null;
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(BrokerUnavailableException.class);
            return ((BrokerUnavailableException) e.getCause()).reason();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            sleep(20);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
