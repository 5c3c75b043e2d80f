package dev.wadi.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.parts.ApicurioServer;
import dev.wadi.parts.Await;
import dev.wadi.parts.ConnectWorker;
import dev.wadi.parts.KafkaServer;
import dev.wadi.parts.LakeRows;
import dev.wadi.parts.PostgresDatabase;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The changes of a PostgreSQL by way of Debezium, Avro, a schema registry and Kafka, beside those that Wadi captures itself. */
@NullUnmarked
class KafkaChangesTest {
    private static final String CUSTOMERS = "customer_id, name, email, country, segment, md5(notes)";
    private static final String ORDERS = "order_id, customer_id, quantity, amount, status, md5(comment)";
    private static final String BIG = "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 500))";
    /** A change without its place in the commits, which each capture tells as it saw them. */
    private static final String CHANGE = "event_id, json_merge_patch(payload, '{\"epoch\": null}'), source";

    private static final String CHANGED = " WHERE (payload->>'lsn')::BIGINT > 0";

    @TempDir
    static Path database;

    private static PostgresDatabase postgres;
    private static KafkaServer kafka;
    private static ApicurioServer registry;

    @TempDir
    Path root;

    private String group = "first";

    @BeforeAll
    static void startServers() throws Exception {
        postgres = new PostgresDatabase(database.resolve("pg"));
        kafka = KafkaServer.start();
        registry = ApicurioServer.start();
        for (String table : List.of("customers", "orders", "products")) {
            kafka.createTopic("shop.shop." + table, 1);
        }
    }

    @AfterAll
    static void stopServers() throws Exception {
        registry.close();
        kafka.close();
        postgres.close();
    }

    @BeforeEach
    void begin() throws Exception {
        postgres.makeSourceTables();
    }

    private ApplicationContext run(String lake, String... routes) throws IOException {
        Path folder = Files.createDirectories(root.resolve("routes-" + lake));
        for (String route : routes) {
            String text = Files.readString(Path.of("routes/ingest", route))
                    .replace("groupId: wadi", "groupId: %s-%s".formatted(lake, group))
                    .replace(
                            "tableIncludeList:",
                            "startDelay: 1\n        heartbeatIntervalMs: 500\n        tableIncludeList:");
            Files.writeString(folder.resolve(route), text);
        }
        for (String table : List.of("customers", "orders")) {
            for (String file : List.of("silver-%s.camel.yaml", "silver_%s.sql")) {
                Path from = Path.of("routes/transform", file.formatted(table));
                Files.writeString(folder.resolve(from.getFileName()), Files.readString(from));
            }
        }
        return ApplicationContext.run(Map.of(
                "wadi.routes-dir", folder.toString(),
                "wadi.lake", root.resolve(lake).toString(),
                "wadi.data-dir", root.resolve("data-" + lake).toString(),
                "wadi.duckdb-memory", "256MB",
                "wadi.kafka.shop", "true",
                "schema.registry.url", registry.url(),
                "kafka.bootstrap.servers", kafka.brokers(),
                "jdbc.url", postgres.jdbcUrl(),
                "rabbitmq.uri", "amqp://guest:secret@127.0.0.1:1"));
    }

    private static List<String> lake(ApplicationContext wadi, String table, String columns) {
        return lake(wadi, table, columns, "");
    }

    private static List<String> lake(ApplicationContext wadi, String table, String columns, String where) {
        return LakeRows.of(wadi, TableName.parse(table), "SELECT %s FROM t%s".formatted(columns, where)).stream()
                .sorted()
                .toList();
    }

    private static void same(ApplicationContext wadi, String what, String table, String columns) throws Exception {
        List<String> truth = postgres.rows("SELECT %s FROM shop.%s".formatted(columns, table)).stream()
                .sorted()
                .toList();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (System.nanoTime() < deadline
                && !lake(wadi, "silver." + table, columns).equals(truth)) {
            Thread.sleep(100);
        }
        assertThat(lake(wadi, "silver." + table, columns)).as(what).isEqualTo(truth);
    }

    @Test
    void changesByKafkaAreTheChangesThatWadiCaptures() throws Exception {
        try (ConnectWorker connect = new ConnectWorker(postgres, kafka, registry, Map.of());
                ApplicationContext one = run("one", "kafka-shop.camel.yaml");
                ApplicationContext both = run("both", "kafka-shop.camel.yaml", "capture-shop.camel.yaml")) {
            same(one, "the snapshot", "customers", CUSTOMERS);
            Await.until(
                    "the snapshot of the other",
                    () -> !lake(both, "bronze.shop", "position", " WHERE position LIKE '%number=0'")
                            .isEmpty());
            postgres.execute(
                    "INSERT INTO shop.customers (customer_id, name, notes) VALUES ('a', 'Ann', %s), ('b', 'Ben', 'short')"
                            .formatted(BIG));
            postgres.execute("UPDATE shop.customers SET email = 'ann@example.com' WHERE customer_id = 'a'");
            same(one, "a long text that was not touched is kept", "customers", CUSTOMERS);
            postgres.execute("UPDATE shop.customers SET notes = NULL, segment = 'x' WHERE customer_id = 'b'");
            same(one, "a null that was written is a null", "customers", CUSTOMERS);
            postgres.execute("UPDATE shop.customers SET customer_id = 'c' WHERE customer_id = 'a'");
            same(one, "a key changes and the long text goes along", "customers", CUSTOMERS);
            postgres.execute("DELETE FROM shop.customers WHERE customer_id = 'b'");
            same(one, "a delete", "customers", CUSTOMERS);
            postgres.execute(
                    "BEGIN; INSERT INTO shop.customers (customer_id, name) VALUES ('gone', 'G'); TRUNCATE shop.customers;"
                            + " INSERT INTO shop.customers (customer_id, name) VALUES ('n', 'New'); COMMIT");
            same(one, "a truncate", "customers", CUSTOMERS);
            change(new Random(7));
            same(one, "many changes", "customers", CUSTOMERS);
            same(one, "many changes", "orders", ORDERS);

            same(both, "by both ways", "customers", CUSTOMERS);
            same(both, "by both ways", "orders", ORDERS);
            assertThat(connect.ended()).isNull();
            // the rows of the snapshots differ: they were taken at different times
            List<String> changes = lake(one, "bronze.shop", CHANGE, CHANGED);
            Await.until(
                    "all by both",
                    () -> lake(both, "bronze.shop", CHANGE, CHANGED).equals(changes));
            assertThat(lake(one, "bronze.shop", "payload->>'op'")).contains("r", "c", "u", "d", "t");
            assertThat(lake(both, "bronze.shop", "event_id")).doesNotHaveDuplicates();
            assertThat(lake(one, "quarantine.bronze_shop", "position")).isEmpty();
            assertThat(lake(one, "silver.customers", "source")).containsOnly("postgresql:shop.customers");
        }
        List<String> before;
        try (ApplicationContext one = run("one")) {
            before = lake(one, "bronze.shop", "event_id, received_at");
        }
        group = "second";
        try (ApplicationContext one = run("one", "kafka-shop.camel.yaml")) {
            Await.until("all again", () -> kafka.committedTotal("one-second") == kafka.committedTotal("one-first"));
            assertThat(lake(one, "bronze.shop", "event_id, received_at")).isEqualTo(before);
            same(one, "after all came again", "customers", CUSTOMERS);
            same(one, "after all came again", "orders", ORDERS);
            poison(one);
        }
    }

    private static void change(Random random) throws SQLException {
        for (int i = 0; i < 150; i++) {
            String id = "k" + random.nextInt(20);
            postgres.execute(
                    switch (random.nextInt(6)) {
                        case 0 -> "DELETE FROM shop.customers WHERE customer_id = '%s'".formatted(id);
                        case 1 -> "UPDATE shop.customers SET segment = '%d'".formatted(i);
                        case 2 -> """
                                INSERT INTO shop.orders (order_id, customer_id, product_id, amount)
                                SELECT 'o' || n, '%s', 'p', n FROM generate_series(1, 20) n
                                ON CONFLICT (order_id) DO UPDATE SET quantity = shop.orders.quantity + 1""".formatted(id);
                        default -> """
                                INSERT INTO shop.customers (customer_id, name, notes)
                                VALUES ('%s', 'n%d', repeat(md5(random()::text), %d)) ON CONFLICT (customer_id) DO UPDATE SET name = excluded.name""".formatted(id, i, random.nextBoolean() ? 1 : 400);
                    });
        }
    }

    /** What is no change goes to quarantine with its place, and what comes after it lands. */
    private static void poison(ApplicationContext wadi) throws Exception {
        List<String> refused = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer()) {
            for (int i = 0; i < 1_000; i++) {
                RecordMetadata where = producer.send(new ProducerRecord<>(
                                "shop.shop.products", null, ("no frame " + i).getBytes(StandardCharsets.UTF_8)))
                        .get();
                refused.add("kafka:shop.shop.products|%d:%d".formatted(where.partition(), where.offset()));
            }
        }
        Await.until(
                "poison", () -> lake(wadi, "quarantine.bronze_shop", "position").size() == refused.size());
        assertThat(lake(wadi, "quarantine.bronze_shop", "source, position"))
                .containsExactlyInAnyOrderElementsOf(refused);
    }
}
