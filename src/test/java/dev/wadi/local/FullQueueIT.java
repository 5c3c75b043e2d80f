package dev.wadi.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.wadi.proof.Http;
import dev.wadi.proof.WadiProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The app in front of an embedded broker whose queue nobody reads until it is full, and then somebody does. */
class FullQueueIT {
    private static final int DEPTH = 200;
    private static final int CLIENTS = 16;
    private static final int REFUSALS = 200;
    private static final Pattern ID = Pattern.compile("\"event_id\":\"(e-\\d+)\"");

    @TempDir
    Path folder;

    private final AtomicInteger numbers = new AtomicInteger();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Queue<String> found = new ConcurrentLinkedQueue<>();
    private final Queue<Http.Answer> refusals = new ConcurrentLinkedQueue<>();

    @Test
    @Timeout(900)
    void requests_are_sent_away_while_a_queue_is_full_and_taken_again_when_it_drains() throws Exception {
        int port = FreePorts.settings(folder).amqpPort();
        Path routes = Files.createDirectories(folder.resolve("routes/ingest"));
        Files.copy(Path.of("routes/ingest/http-events.camel.yaml"), routes.resolve("http-events.camel.yaml"));
        try (AmqpBroker broker = AmqpBroker.start(folder.resolve("broker"), port, DEPTH);
                WadiProcess wadi = new WadiProcess(
                        folder.resolve("app"),
                        Map.of(
                                "RABBITMQ_URI", broker.uri(),
                                "WADI_ROUTES_DIR", folder.resolve("routes").toString(),
                                "WADI_DOOR_CONFIRM_TIMEOUT", "2s"))) {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(broker.uri());
            try (Connection connection = factory.newConnection();
                    Channel channel = connection.createChannel()) {
                channel.exchangeDeclare("events", "topic", true);
                channel.queueDeclare("events.clickstream", true, false, false, null);
                channel.queueBind("events.clickstream", "events", "clickstream");
                wadi.start();

                postUntil(wadi.http(), () -> refusals.size() >= REFUSALS);

                assertThat(channel.messageCount("events.clickstream")).isGreaterThanOrEqualTo(DEPTH);
                assertThat(refusals).allSatisfy(answer -> {
                    assertThat(answer.status()).isIn(429, 503);
                    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                });

                channel.basicConsume("events.clickstream", true, (tag, message) -> take(message.getBody()), tag -> {});
                int before = accepted.size();
                postUntil(wadi.http(), () -> accepted.size() >= before + 2 * DEPTH);

                await(() -> found.containsAll(accepted) && accepted.size() <= found.size());
                assertThat(found).doesNotHaveDuplicates();
                assertThat(new TreeSet<>(found)).containsAll(accepted);
            }
            wadi.stop();
        }
    }

    /** Posts single events from many clients, each event once. */
    private void postUntil(Http http, java.util.function.BooleanSupplier enough) throws InterruptedException {
        List<Thread> clients = new ArrayList<>();
        Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofPlatform().start(() -> {
                try {
                    while (!enough.getAsBoolean()) {
                        post(http);
                    }
                } catch (Exception e) {
                    faults.add(e);
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(faults).isEmpty();
    }

    private void post(Http http) throws Exception {
        String id = "e-" + numbers.incrementAndGet();
        String event =
                "{\"event_id\":\"%s\",\"user_id\":\"u-1\",\"action\":\"login\",\"event_time\":\"2026-03-01T12:00:00Z\"}"
                        .formatted(id);
        Http.Answer answer =
                http.post("/api/events/clickstream", "application/json", event.getBytes(StandardCharsets.UTF_8));
        if (answer.status() == 202) {
            accepted.add(id);
        } else {
            refusals.add(answer);
        }
    }

    private void take(byte[] body) {
        Matcher matcher = ID.matcher(new String(body, StandardCharsets.UTF_8));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
    }
}
