package dev.wadi.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import dev.wadi.parts.Await;
import dev.wadi.parts.KafkaServer;
import dev.wadi.parts.LakeRows;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From topics into bronze.clickstream, with the contract and the lake of the application and a Kafka broker. */
@NullUnmarked
class KafkaLakeTest {
    private static final TableName CLICKS = TableName.parse("bronze.clickstream");
    private static final TableName REFUSED = TableName.parse("quarantine.bronze_clickstream");
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static KafkaServer server;

    private final long seed = Long.getLong("wadi.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final String topic = "clicks-" + NUMBERS.incrementAndGet();

    @TempDir
    Path root;

    /** What bronze must hold, by id of the event; and what quarantine must, by position. */
    private final Map<String, String> model = new TreeMap<>();

    private final List<String> refused = new ArrayList<>();
    private int malformedSoFar;
    private String batching = "batching: true";

    @BeforeAll
    static void startServer() {
        server = KafkaServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void eventsOfBothShapesLandOnceAndEachMalformedOneIsAccountedFor() throws Exception {
        server.createTopic(topic, 3);
        System.out.println("seed " + seed);
        try (ApplicationContext wadi = run()) {
            publish(3_000, 1_000);
            Await.until(() -> arrived(wadi));
            check(wadi);
            assertThat(LakeRows.of(wadi, CLICKS, "SELECT DISTINCT source FROM t"))
                    .containsExactly("kafka:" + topic);
        }
    }

    @Test
    void aBatchWithoutEndAndWithRecordsWithoutValueIsAccountedFor() throws Exception {
        server.createTopic(topic, 3);
        System.out.println("seed " + seed);
        publish(30_000, 100);
        try (KafkaProducer<byte[], byte[]> producer = server.producer()) {
            RecordMetadata where = producer.send(new ProducerRecord<>(topic, 2, bytes("k"), null))
                    .get();
            refused.add(where.partition() + ":" + where.offset());
        }
        // one poll brings more than a batch of the intake
        batching =
                "batching: true\n        maxPollRecords: 50000\n        additionalProperties.max.partition.fetch.bytes: 20000000";
        try (ApplicationContext wadi = run()) {
            Await.until(() -> arrived(wadi));
            check(wadi);
        }
    }

    @Test
    void oneRecordAnExchangeIsTheSameThing() throws Exception {
        server.createTopic(topic, 3);
        System.out.println("seed " + seed);
        batching = "batching: false";
        try (ApplicationContext wadi = run()) {
            publish(3_000, 100);
            Await.until(() -> arrived(wadi));
            check(wadi);
        }
    }

    @Test
    void aRestartInTheMiddleLosesAndRepeatsNothing() throws Exception {
        server.createTopic(topic, 3);
        System.out.println("seed " + seed);
        for (int run = 0; run < 4; run++) {
            publish(4_000, 20);
            try (ApplicationContext wadi = run()) {
                Thread.sleep(random.nextInt(1_500));
            }
        }
        try (ApplicationContext wadi = run()) {
            Await.until(() -> arrived(wadi));
            check(wadi);
        }
    }

    @Test
    void aBrokerThatGoesAwayAndComesBackCostsNothing() throws Exception {
        server.createTopic(topic, 2);
        System.out.println("seed " + seed);
        try (ApplicationContext wadi = run()) {
            publish(4_000, 10);
            KafkaDoor door = wadi.getBean(KafkaDoor.class);
            Await.until(
                    () -> count(wadi) > 0 && door.ends().values().stream().allMatch(state -> state.problem() == null));
            server.kill();
            try {
                Await.until(() -> door.ends().values().stream().anyMatch(state -> state.problem() != null));
                assertThat(door.ends().values())
                        .extracting(Connection.State::problem)
                        .containsExactly("Kafka at %s does not answer".formatted(server.brokers()));
                assertThat(wadi.getBean(CamelContext.class).getRouteController().getRouteStatus("land"))
                        .hasToString("Started");
            } finally {
                server.launch();
            }
            publish(4_000, 10);
            Await.until(() -> arrived(wadi));
            check(wadi);
            Await.until(() -> door.ends().values().stream().allMatch(state -> state.problem() == null));
        }
    }

    /** As user-activity-logs has them, as clickstream has them, again, and malformed; in any order. */
    private void publish(int events, int malformed) throws Exception {
        List<byte[]> values = new ArrayList<>();
        List<Integer> bad = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            int number = random.nextInt(1_000_000_000);
            if (random.nextBoolean()) {
                String text =
                        "{\"event_id\":\"c-%d\",\"user_id\":\"u-%d\",\"action\":\"search\",\"event_time\":\"2026-11-01T12:00:00Z\",\"n\":[%d]}"
                                .formatted(number, number % 100, number);
                model.put("c-" + number, text);
                values.add(bytes(text));
            } else {
                String time =
                        java.time.Instant.ofEpochSecond(1_780_000_000L + number).toString();
                values.add(bytes("{\"user_id\":%d,\"action\":\"view_product\",\"timestamp\":\"%s\"}"
                        .formatted(number % 1000, time)));
                String text = "{\"user_id\":\"%d\",\"action\":\"view_product\",\"event_time\":\"%s\"}"
                        .formatted(number % 1000, time);
                model.put(sha256(text), text);
            }
            if (random.nextInt(20) == 0) {
                values.add(values.getLast());
            }
        }
        for (int i = 0; i < malformed; i++) {
            // each another one: what is refused again under another offset is the same refusal
            int number = malformedSoFar++;
            String form = switch (random.nextInt(5)) {
                case 0 -> "{\"user_id\":%d,\"action\":\"dance\",\"timestamp\":\"2026-11-01T12:00:00Z\"}";
                case 1 -> "{\"n\":%d,\"user_id\":true,\"action\":\"login\",\"timestamp\":\"2026-11-01T12:00:00Z\"}";
                case 2 -> "{\"user_id\":\"u-%d\",\"action\":\"login\"}";
                case 3 -> "{\"user_id\":%d,";
                default -> "user %d logged in";
            };
            String text = form.formatted(number);
            bad.add(values.size());
            values.add(bytes(text));
        }
        try (KafkaProducer<byte[], byte[]> producer = server.producer()) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (byte[] value : values) {
                sent.add(producer.send(new ProducerRecord<>(topic, random.nextInt(2), null, value)));
            }
            producer.flush();
            for (int index : bad) {
                RecordMetadata where = sent.get(index).get();
                refused.add(where.partition() + ":" + where.offset());
            }
        }
    }

    private boolean arrived(ApplicationContext wadi) {
        return count(wadi) >= model.size() && positions(wadi).size() >= refused.size();
    }

    private void check(ApplicationContext wadi) throws Exception {
        Map<String, String> rows = new HashMap<>();
        try (Pin pin = wadi.getBean(LakeReader.class).pin(Set.of(CLICKS));
                Statement sql = pin.connection().createStatement();
                ResultSet row = sql.executeQuery("SELECT event_id, payload FROM bronze.clickstream")) {
            while (row.next()) {
                assertThat(rows.put(row.getString(1), row.getString(2)))
                        .as("seed %d", seed)
                        .isNull();
            }
        }
        assertThat(new TreeMap<>(rows)).as("seed %d", seed).isEqualTo(model);
        assertThat(positions(wadi))
                .as("seed %d", seed)
                .containsOnlyOnceElementsOf(refused)
                .hasSameSizeAs(refused);
    }

    private static List<String> positions(ApplicationContext wadi) {
        return LakeRows.of(wadi, REFUSED, "SELECT position FROM t");
    }

    private static long count(ApplicationContext wadi) {
        return Long.parseLong(
                LakeRows.of(wadi, CLICKS, "SELECT count(*) FROM t").getFirst());
    }

    /** The application with one route, and neither HTTP nor a local environment. */
    private ApplicationContext run() throws IOException {
        Path routes = Files.createDirectories(root.resolve("routes"));
        Files.writeString(
                routes.resolve("land.camel.yaml"),
                Files.readString(Path.of("routes/ingest/kafka-clickstream.camel.yaml"))
                        .replace("topic_0,user-activity-logs", topic)
                        .replace("batching: true", batching)
                        .replace("groupId: wadi", "groupId: group-" + topic)
                        .replace("id: land-kafka-clickstream", "id: land"));
        return ApplicationContext.run(Map.of(
                "wadi.routes-dir", routes.toString(),
                "wadi.lake", root.resolve("lake").toString(),
                "wadi.data-dir", root.toString(),
                "wadi.duckdb-memory", "256MB",
                "wadi.kafka.enabled", true,
                "kafka.bootstrap.servers", server.brokers()));
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
