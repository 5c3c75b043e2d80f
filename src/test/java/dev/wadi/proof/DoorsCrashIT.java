package dev.wadi.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.parts.KafkaServer;
import dev.wadi.parts.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The app is killed with -9 at random moments while it fetches: it polls tables, follows the log of a database, reads Kafka and
 * takes files from a folder. The sources live on and change all the while. In the end each row and event is there once, in its
 * last state, and what was deleted is gone. Give {@code -Dwadi.seed=N} for the same moments again.
 */
class DoorsCrashIT {
    private static final int KILLS = 5;
    private static final int LONGEST_LIFE_MILLIS = 9_000;
    /** Rows in files, so that a slow machine has no more to do in the end than a fast one. */
    private static final int MOST_DROPPED = 60_000;

    private static final Duration DRAINED_WITHIN = Duration.ofMinutes(5);
    private static final String BIG = "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 200))";
    private static final String WHEN = "2026-11-20T10:00:00Z";

    @TempDir
    Path folder;

    private final long seed = Long.getLong("wadi.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final AtomicBoolean over = new AtomicBoolean();
    /** Clicks that each source has given, by the letter of the source. */
    private final AtomicInteger polled = new AtomicInteger();

    private final AtomicInteger streamed = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();

    /** One step of a writer. */
    @FunctionalInterface
    private interface Step {
        void take(Random random) throws Exception;
    }

    @Test
    @Timeout(1_200)
    void every_row_and_event_of_every_door_is_there_once_after_many_kills() throws Exception {
        System.out.println("DoorsCrashIT: -Dwadi.seed=" + seed);
        try (PostgresDatabase postgres = new PostgresDatabase(folder.resolve("pg"));
                KafkaServer kafka = KafkaServer.start();
                KafkaProducer<byte[], byte[]> producer = kafka.producer();
                Connection bookings = postgres.connect();
                Connection shop = postgres.connect();
                ExecutorService writers = Executors.newCachedThreadPool();
                WadiProcess wadi = new WadiProcess(
                        folder, Map.of("JDBC_URL", postgres.jdbcUrl(), "KAFKA_BOOTSTRAP_SERVERS", kafka.brokers()))) {
            postgres.makeSourceTables();
            kafka.createTopic("topic_0", 3);
            kafka.createTopic("user-activity-logs", 1);
            shop.setAutoCommit(false);
            wadi.start();
            List<Future<?>> writing = List.of(
                    writers.submit(() -> write(1, 20, each -> book(each, bookings))),
                    writers.submit(() -> write(2, 10, each -> shop(each, shop))),
                    writers.submit(() -> write(3, 10, each -> stream(producer))),
                    writers.submit(() -> write(4, 600, this::drop)));
            for (int kill = 0; kill < KILLS; kill++) {
                Thread.sleep(1_000 + random.nextInt(LONGEST_LIFE_MILLIS));
                wadi.kill();
                wadi.start();
            }
            over.set(true);
            for (Future<?> each : writing) {
                each.get();
            }
            shop.commit();
            LakeReader lake = new LakeReader(wadi.lake());
            assertThat(Eventually.same(DRAINED_WITHIN, () -> differences(postgres, wadi, lake)))
                    .as("seed %d\n%s", seed, wadi.tail())
                    .isEmpty();
            // what only arrives late must not change anything either
            Thread.sleep(2_000);
            assertThat(differences(postgres, wadi, lake)).as("seed %d", seed).isEmpty();
            System.out.printf(
                    "DoorsCrashIT: %d kills; clicks polled %,d, from Kafka %,d, from files %,d; changes captured %,d%n",
                    KILLS,
                    polled.get(),
                    streamed.get(),
                    dropped.get(),
                    lake.rows("bronze.shop").size());
            wadi.stop();
        } finally {
            over.set(true);
        }
    }

    private Object write(int number, int pauseMillis, Step step) throws Exception {
        Random mine = new Random(seed + number);
        while (!over.get()) {
            step.take(mine);
            Thread.sleep(mine.nextInt(2 * pauseMillis));
        }
        return number;
    }

    private void book(Random random, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String id = "b" + random.nextInt(200);
            statement.execute("""
                    WITH changed AS (
                        UPDATE pipeline.partner_agency_booking SET quantity = quantity + 1, updated_at = clock_timestamp()
                        WHERE booking_id = '%1$s' RETURNING 1)
                    INSERT INTO pipeline.partner_agency_booking (booking_id, agency_id, customer_id, customer_name, product_id, unit_price, amount)
                    SELECT '%1$s', 'a1', 'c1', 'Ada', 'p1', 10.50, 21.00 WHERE NOT EXISTS (SELECT FROM changed)""".formatted(id));
            if (random.nextInt(3) == 0) {
                int first = polled.get();
                int count = 1 + random.nextInt(40);
                statement.execute("""
                        INSERT INTO pipeline.clickstream_data (event_id, user_id, action, event_time)
                        SELECT 'p' || n, 'u' || n %% 50, 'login', '%s' FROM generate_series(%d, %d) n""".formatted(WHEN, first, first + count - 1));
                polled.addAndGet(count);
            }
        }
    }

    private static void shop(Random random, Connection connection) throws SQLException {
        String id = "k" + random.nextInt(40);
        try (Statement statement = connection.createStatement()) {
            switch (random.nextInt(10)) {
                case 0, 1 -> connection.commit();
                case 2 -> connection.rollback();
                case 3 -> statement.execute("DELETE FROM shop.customers WHERE customer_id = '%s'".formatted(id));
                case 4 ->
                    statement.execute("UPDATE shop.customers SET segment = '%d' WHERE customer_id LIKE 'k1%%'"
                            .formatted(random.nextInt()));
                case 5 ->
                    statement.execute(
                            "UPDATE shop.customers SET customer_id = customer_id || 'x' WHERE customer_id = '%1$s'"
                                            .formatted(id)
                                    + " AND NOT EXISTS (SELECT FROM shop.customers WHERE customer_id = '%sx')"
                                            .formatted(id));
                default ->
                    statement.execute(
                            "INSERT INTO shop.customers (customer_id, name, notes) VALUES ('%s', 'n%d', %s) ON CONFLICT (customer_id) DO UPDATE SET name = excluded.name"
                                    .formatted(id, random.nextInt(100), random.nextBoolean() ? "'short'" : BIG));
            }
        }
    }

    private void stream(KafkaProducer<byte[], byte[]> producer) throws Exception {
        int number = streamed.get();
        String topic = number % 10 == 0 ? "user-activity-logs" : "topic_0";
        producer.send(new ProducerRecord<>(topic, click("k" + number).getBytes(StandardCharsets.UTF_8)))
                .get();
        streamed.incrementAndGet();
    }

    private static String click(String id) {
        return "{\"event_id\":\"%s\",\"user_id\":\"u1\",\"action\":\"login\",\"event_time\":\"%s\"}"
                .formatted(id, WHEN);
    }

    /** A file that is there at once; now and then one with rows that were in a file before. */
    private void drop(Random random) throws Exception {
        int first = dropped.get();
        if (first > MOST_DROPPED) {
            return;
        }
        int count = 1 + random.nextInt(2_000);
        int from = random.nextInt(4) == 0 ? Math.max(0, first - 100) : first;
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < first + count; i++) {
            lines.append(click("f" + i)).append('\n');
        }
        Path written = Files.writeString(folder.resolve("next.ndjson"), lines);
        Path drops = Files.createDirectories(folder.resolve("data/drops/clickstream"));
        Files.move(written, drops.resolve("clicks-%d.ndjson".formatted(first)), StandardCopyOption.ATOMIC_MOVE);
        dropped.addAndGet(count);
    }

    private List<String> differences(PostgresDatabase postgres, WadiProcess wadi, LakeReader lake) throws Exception {
        List<String> differences = new ArrayList<>();
        List<String> clicks = texts(lake, "bronze.clickstream", "event_id");
        compare(differences, "bronze.clickstream", expectedClicks(), clicks);
        compare(differences, "silver.clickstream", expectedClicks(), texts(lake, "silver.clickstream", "event_id"));
        compare(
                differences,
                "silver.bookings",
                postgres.rows("SELECT booking_id, quantity FROM pipeline.partner_agency_booking"),
                texts(lake, "silver.bookings", "booking_id", "quantity"));
        compare(
                differences,
                "silver.customers",
                postgres.rows("SELECT customer_id, name, segment, notes FROM shop.customers"),
                texts(lake, "silver.customers", "customer_id", "name", "segment", "notes"));
        List<String> changes = texts(lake, "bronze.shop", "event_id");
        if (changes.stream().distinct().count() != changes.size()) {
            differences.add("a change is in bronze.shop twice");
        }
        for (String table : List.of("bronze.clickstream", "bronze.bookings", "bronze.shop")) {
            long quarantined = wadi.http()
                    .get("/api/quarantine?limit=1&table=" + table)
                    .json()
                    .path("total")
                    .asLong();
            if (quarantined > 0) {
                differences.add(quarantined + " good events in quarantine of " + table);
            }
        }
        return differences;
    }

    private List<String> expectedClicks() {
        List<String> ids = new ArrayList<>();
        Map.of("p", polled, "k", streamed, "f", dropped).forEach((letter, count) -> {
            for (int i = 0; i < count.get(); i++) {
                ids.add(letter + i);
            }
        });
        return ids;
    }

    private static List<String> texts(LakeReader lake, String table, String... columns) throws Exception {
        return lake.rows(table).stream()
                .map(row -> List.of(columns).stream()
                        .map(column -> Objects.toString(row.get(column), "~"))
                        .collect(Collectors.joining("|")))
                .toList();
    }

    /** Says a few of the rows that only one side has; a row that is there twice counts as one too many. */
    private static void compare(List<String> differences, String table, List<String> expected, List<String> found) {
        Map<String, Integer> counts = new java.util.HashMap<>();
        expected.forEach(row -> counts.merge(row, 1, Integer::sum));
        found.forEach(row -> counts.merge(row, -1, Integer::sum));
        counts.values().removeIf(count -> count == 0);
        counts.entrySet().stream()
                .limit(5)
                .forEach(each -> differences.add("%s: %s %d times: %s"
                        .formatted(
                                table,
                                each.getValue() > 0 ? "lacks" : "has too often",
                                Math.abs(each.getValue()),
                                each.getKey()
                                        .substring(
                                                0, Math.min(100, each.getKey().length())))));
        if (counts.size() > 5) {
            differences.add("%s: %d rows differ".formatted(table, counts.size()));
        }
    }
}
