package dev.wadi.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.parts.Await;
import dev.wadi.parts.KafkaServer;
import dev.wadi.route.DeltaHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The component {@code kafka:} against a Kafka broker. Every test has its own topic and group. */
@NullUnmarked
class KafkaDoorTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static KafkaServer server;

    private final String topic = "topic-" + NUMBERS.incrementAndGet();
    private final String group = "group-" + topic;
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
    private final List<DefaultCamelContext> contexts = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        server = KafkaServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @AfterEach
    void stop() {
        contexts.forEach(DefaultCamelContext::stop);
        later.shutdownNow();
    }

    @Test
    void anOffsetIsCommittedOnlyWhenAllRecordsBeforeItAreDone() throws Exception {
        server.createTopic(topic, 1);
        Queue<CompletableFuture<Void>> held = new ConcurrentLinkedQueue<>();
        consume(exchange -> {
            var future = new CompletableFuture<Void>();
            held.add(future);
            return future;
        });
        publish(0, 10);
        Await.until(() -> held.size() == 10);

        // all but the fourth
        List<CompletableFuture<Void>> futures = List.copyOf(held);
        futures.stream().filter(future -> future != futures.get(3)).forEach(future -> future.complete(null));
        Await.until(() -> server.committedTotal(group) == 3);

        futures.get(3).complete(null);
        Await.until(() -> server.committedTotal(group) == 10);
    }

    @Test
    void aRecordCarriesWhereItCameFrom() throws Exception {
        server.createTopic(topic, 1);
        List<Map<String, Object>> headers = new ArrayList<>();
        List<String> bodies = new ArrayList<>();
        consume(exchange -> {
            headers.add(exchange.getMessage().getHeaders());
            bodies.add(exchange.getMessage().getBody(String.class));
            return CompletableFuture.completedFuture(null);
        });
        try (KafkaProducer<byte[], byte[]> producer = server.producer()) {
            var entry = new ProducerRecord<>(topic, 0, 1_767_225_600_000L, bytes("k-1"), bytes("{}"));
            entry.headers().add("content-type", bytes("application/json"));
            producer.send(entry).get();
        }
        Await.until(() -> headers.size() == 1);

        assertThat(bodies).containsExactly("{}");
        assertThat(headers.getFirst())
                .containsEntry("kafka.TOPIC", topic)
                .containsEntry("kafka.PARTITION", 0)
                .containsEntry("kafka.OFFSET", 0L)
                .containsEntry("kafka.KEY", "k-1")
                .containsEntry(Exchange.CONTENT_TYPE, "application/json")
                .containsEntry(Exchange.MESSAGE_TIMESTAMP, 1_767_225_600_000L)
                .containsEntry(DeltaHeaders.SOURCE, "kafka:" + topic)
                .containsEntry(DeltaHeaders.POSITION, "0:0");
    }

    @Test
    void aFailedRecordIsTriedAgainAndTheOthersGoOn() throws Exception {
        server.createTopic(topic, 1);
        Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
        consume(exchange -> {
            String body = exchange.getMessage().getBody(String.class);
            int times = tries.computeIfAbsent(body, each -> new AtomicInteger()).incrementAndGet();
            return times < 3 && body.equals("7")
                    ? CompletableFuture.failedFuture(new IllegalStateException("the disk is full"))
                    : CompletableFuture.completedFuture(null);
        });
        publish(0, 20);
        Await.until(() -> server.committedTotal(group) == 20);

        assertThat(tries.remove("7")).hasValue(3);
        assertThat(tries.values())
                .hasSize(19)
                .allSatisfy(times -> assertThat(times).hasValue(1));
    }

    @Test
    void aStopCommitsWhatIsDoneAndTheRestComesAgain() throws Exception {
        server.createTopic(topic, 3);
        Set<String> done = ConcurrentHashMap.newKeySet();
        AtomicInteger taken = new AtomicInteger();
        Function<Exchange, CompletableFuture<Void>> sink = exchange -> {
            taken.incrementAndGet();
            return soon(exchange, done, 50);
        };
        publish(0, 3_000);
        consume(sink);
        Await.until(() -> done.size() > 500);
        contexts.getFirst().stop();
        assertThat(server.committedTotal(group)).isEqualTo(taken.get());
        consume(sink);
        Await.until(() -> done.size() == 3_000 && server.committedTotal(group) == 3_000);
        assertThat(taken).hasValue(3_000);
    }

    @Test
    void membersThatComeAndGoLoseNothing() throws Exception {
        server.createTopic(topic, 6);
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Set<String> done = ConcurrentHashMap.newKeySet();
        Function<Exchange, CompletableFuture<Void>> sink = exchange -> soon(exchange, done, 100);
        DefaultCamelContext first = consume(sink);
        int published = 0;
        for (int i = 0; i < 5; i++) {
            publish(published, published += 2_000);
            DefaultCamelContext second = consume(sink);
            publish(published, published += 2_000);
            Thread.sleep(random.nextInt(1_500));
            (random.nextBoolean() ? second : first).stop();
            first = first.isStopped() ? second : first;
        }
        int all = published;
        Await.until(() -> done.size() == all && server.committedTotal(group) == all);
    }

    @Test
    void noMoreRecordsAreTakenThanMayBeOnTheirWay() throws Exception {
        server.createTopic(topic, 2);
        Queue<CompletableFuture<Void>> held = new ConcurrentLinkedQueue<>();
        consume(exchange -> {
            var future = new CompletableFuture<Void>();
            held.add(future);
            return future;
        });
        int all = RecordsUnderWay.MOST_RECORDS + 5_000;
        publish(0, all);
        Await.until(() -> held.size() >= RecordsUnderWay.MOST_RECORDS);
        Thread.sleep(1_000);
        assertThat(held.size()).isLessThan(RecordsUnderWay.MOST_RECORDS + 1_000);

        // it goes on when they are done, and the group has not thrown it out meanwhile
        later.scheduleWithFixedDelay(() -> held.forEach(future -> future.complete(null)), 0, 20, TimeUnit.MILLISECONDS);
        Await.until(() -> server.committedTotal(group) == all);
        assertThat(held).hasSize(all);
    }

    @Test
    void aBatchIsWhatAPollBroughtOfAPartition() throws Exception {
        server.createTopic(topic, 2);
        publish(0, 1_000);
        Queue<List<Exchange>> batches = new ConcurrentLinkedQueue<>();
        consume("&batching=true&maxPollRecords=100", exchange -> {
            batches.add(parts(exchange));
            return CompletableFuture.completedFuture(null);
        });
        Await.until(() -> server.committedTotal(group) == 1_000);

        assertThat(batches).hasSizeGreaterThanOrEqualTo(10).allSatisfy(batch -> {
            assertThat(batch.size()).isBetween(1, 100);
            long first = batch.getFirst().getMessage().getHeader("kafka.OFFSET", Long.class);
            int partition = batch.getFirst().getMessage().getHeader("kafka.PARTITION", Integer.class);
            for (int i = 0; i < batch.size(); i++) {
                assertThat(batch.get(i).getMessage().getHeader(DeltaHeaders.POSITION, String.class))
                        .isEqualTo(partition + ":" + (first + i));
                assertThat(batch.get(i).getMessage().getHeaders())
                        .containsEntry(DeltaHeaders.SOURCE, "kafka:" + topic)
                        .containsEntry("kafka.OFFSET", first + i)
                        .containsEntry("kafka.KEY", batch.get(i).getMessage().getBody(String.class));
            }
        });
    }

    @Test
    void aFailedBatchIsTriedAgainWholeAndItsOffsetsWaitForIt() throws Exception {
        server.createTopic(topic, 1);
        publish(0, 400);
        Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
        AtomicInteger failures = new AtomicInteger();
        Set<Long> committedMeanwhile = ConcurrentHashMap.newKeySet();
        consume("&batching=true&maxPollRecords=100", exchange -> {
            List<String> bodies = parts(exchange).stream()
                    .map(each -> each.getMessage().getBody(String.class))
                    .toList();
            bodies.forEach(body ->
                    tries.computeIfAbsent(body, each -> new AtomicInteger()).incrementAndGet());
            if (bodies.contains("150") && failures.getAndIncrement() < 2) {
                committedMeanwhile.add(server.committedTotal(group));
                return CompletableFuture.failedFuture(new IllegalStateException("the disk is full"));
            }
            return CompletableFuture.completedFuture(null);
        });
        Await.until(() -> server.committedTotal(group) == 400);

        assertThat(failures).hasValue(3);
        assertThat(committedMeanwhile).allSatisfy(offset -> assertThat(offset).isLessThanOrEqualTo(150));
        long again = tries.values().stream().filter(times -> times.get() == 3).count();
        assertThat(again).isBetween(1L, 100L);
        assertThat(tries.values().stream().filter(times -> times.get() == 1).count())
                .isEqualTo(400 - again);
    }

    @SuppressWarnings("unchecked")
    private static List<Exchange> parts(Exchange exchange) {
        return (List<Exchange>) exchange.getMessage().getBody();
    }

    @Test
    void whatTheDoorWouldIgnoreIsRefused() {
        assertThatThrownBy(() -> consume("&batchingIntervalMs=100&breakOnFirstError=true", exchange -> null))
                .rootCause()
                .hasMessageContaining("batchingIntervalMs has no effect here")
                .hasMessageContaining("breakOnFirstError has no effect here");
    }

    private CompletableFuture<Void> soon(Exchange exchange, Set<String> done, int within) {
        String body = exchange.getMessage().getBody(String.class);
        var future = new CompletableFuture<Void>();
        later.schedule(
                () -> {
                    done.add(body);
                    future.complete(null);
                },
                Math.floorMod(body.hashCode(), within),
                TimeUnit.MILLISECONDS);
        return future;
    }

    private DefaultCamelContext consume(Function<Exchange, CompletableFuture<Void>> sink) throws Exception {
        return consume("", sink);
    }

    private DefaultCamelContext consume(String options, Function<Exchange, CompletableFuture<Void>> sink)
            throws Exception {
        DefaultCamelContext camel = new DefaultCamelContext(false);
        camel.addComponent("kafka", new KafkaDoor(server.brokers()));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("kafka:%s?groupId=%s&autoOffsetReset=earliest%s".formatted(topic, group, options))
                        .routeId("land")
                        .process(new AsyncProcessorSupport() {
                            @Override
                            public boolean process(Exchange exchange, AsyncCallback callback) {
                                sink.apply(exchange).whenComplete((ignored, failure) -> {
                                    exchange.setException(failure);
                                    callback.done(false);
                                });
                                return false;
                            }
                        });
            }
        });
        contexts.add(camel);
        camel.start();
        return camel;
    }

    private void publish(int from, int to) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = server.producer()) {
            Set<Future<RecordMetadata>> sent = new HashSet<>();
            for (int i = from; i < to; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, bytes("" + i), bytes("" + i))));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
