package dev.wadi.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.parts.Await;
import dev.wadi.parts.LakeRows;
import dev.wadi.parts.PostgresDatabase;
import dev.wadi.parts.SourceHealth;
import dev.wadi.route.Lag;
import dev.wadi.route.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code from: debezium-postgres:} on a real PostgreSQL, down to the silver tables. */
class CdcTest {
    private static final String CUSTOMERS = "customer_id, name, email, country, segment, md5(notes)";
    private static final String ORDERS = "order_id, customer_id, quantity, amount, status, md5(comment)";

    @TempDir
    static Path database;

    private static PostgresDatabase postgres;

    @TempDir
    Path root;

    private String schemas = "schemas";

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new PostgresDatabase(database.resolve("pg"));
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void begin() throws Exception {
        nobodyCaptures();
        postgres.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
        postgres.execute("DROP PUBLICATION IF EXISTS wadi_shop");
        postgres.execute("DROP SCHEMA IF EXISTS shop CASCADE");
        postgres.makeSourceTables();
        Path routes = Files.createDirectories(root.resolve("routes"));
        Files.writeString(
                routes.resolve("capture-shop.camel.yaml"),
                Files.readString(Path.of("routes/ingest/capture-shop.camel.yaml"))
                        .replace(
                                "parameters:\n",
                                "parameters:\n        startDelay: 1\n        heartbeatIntervalMs: 500\n"));
        for (String table : List.of("customers", "orders", "products")) {
            for (String file : List.of("silver-%s.camel.yaml", "silver_%s.sql")) {
                Path from = Path.of("routes/transform", file.formatted(table));
                Files.copy(from, routes.resolve(from.getFileName()));
            }
        }
    }

    private ApplicationContext run() {
        return ApplicationContext.run(Map.of(
                "wadi.routes-dir", root.resolve("routes").toString(),
                "wadi.schemas-dir", schemas,
                "wadi.lake", root.resolve("lake").toString(),
                "wadi.data-dir", root.resolve("data").toString(),
                "jdbc.url", postgres.jdbcUrl(),
                "rabbitmq.uri", "amqp://guest:secret@127.0.0.1:1"));
    }

    private static List<String> lake(ApplicationContext wadi, String table, String columns) {
        return LakeRows.of(wadi, TableName.parse(table), "SELECT %s FROM t".formatted(columns)).stream()
                .sorted()
                .toList();
    }

    private static List<String> truth(String table, String columns) throws SQLException {
        return postgres.rows("SELECT %s FROM shop.%s".formatted(columns, table)).stream()
                .sorted()
                .toList();
    }

    private static void same(ApplicationContext wadi, String what, String table, String columns) throws Exception {
        List<String> truth = truth(table, columns);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (System.nanoTime() < deadline
                && !lake(wadi, "silver." + table, columns).equals(truth)) {
            Thread.sleep(100);
        }
        assertThat(lake(wadi, "silver." + table, columns)).as(what).isEqualTo(truth);
    }

    /** The database notices the end of a connection a moment after it. */
    private static void nobodyCaptures() throws Exception {
        Await.until(
                "no capture reads on",
                () -> postgres.rows("SELECT count(*) FROM pg_replication_slots WHERE active")
                        .equals(List.of("0")));
    }

    @Test
    void aCaptureThatIsStoppedWhileItStartsEnds() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("-Dwadi.seed=" + seed);
        Random random = new Random(seed);
        for (int n = 0; n < 8; n++) {
            try (ApplicationContext wadi = run()) {
                assertThat(wadi.isRunning()).isTrue();
                Thread.sleep(random.nextInt(300));
            }
            nobodyCaptures();
        }
    }

    @Test
    void everyKindOfChangeEndsAsInTheDatabase() throws Exception {
        String big = "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 500))";
        try (ApplicationContext wadi = run()) {
            same(wadi, "the snapshot", "customers", CUSTOMERS);
            same(wadi, "the snapshot", "orders", ORDERS);
            postgres.execute(
                    "INSERT INTO shop.customers (customer_id, name, notes) VALUES ('a', 'Ann', %s), ('b', 'Ben', 'short')"
                            .formatted(big));
            postgres.execute("UPDATE shop.customers SET email = 'ann@example.com' WHERE customer_id = 'a'");
            same(wadi, "a long text that was not touched is kept", "customers", CUSTOMERS);
            postgres.execute("UPDATE shop.customers SET segment = 'x' WHERE customer_id = 'a'");
            postgres.execute("UPDATE shop.customers SET notes = NULL WHERE customer_id = 'b'");
            same(wadi, "a null that was written is a null", "customers", CUSTOMERS);
            postgres.execute("UPDATE shop.customers SET customer_id = 'c' WHERE customer_id = 'a'");
            same(wadi, "a key changes and the long text goes along", "customers", CUSTOMERS);
            postgres.execute("DELETE FROM shop.customers WHERE customer_id = 'b'");
            same(wadi, "a delete", "customers", CUSTOMERS);
            assertThat(lake(wadi, "bronze.shop", "payload->>'op'")).contains("r", "c", "u", "d", "t");

            postgres.execute("ALTER TABLE shop.customers ADD COLUMN loyalty text");
            postgres.execute("UPDATE shop.customers SET loyalty = 'gold' WHERE customer_id = 'c'");
            Await.until(
                    "the new column",
                    () -> lake(wadi, "silver.customers", "customer_id, _extra").contains("c|{\"loyalty\":\"gold\"}"));

            postgres.execute(
                    "BEGIN; INSERT INTO shop.customers (customer_id, name) VALUES ('gone', 'G'); TRUNCATE shop.customers;"
                            + " INSERT INTO shop.customers (customer_id, name) VALUES ('n', 'New'); COMMIT");
            same(wadi, "a truncate", "customers", CUSTOMERS);
            assertThat(SourceHealth.of(wadi)).isEqualTo("UP {capture-shop=reads}");
            Await.until("the slot", () -> {
                double lag = wadi.getBean(MeterRegistry.class)
                        .get("wadi.cdc.slot.lag")
                        .gauge()
                        .value();
                return lag >= 0 && lag < 10_000;
            });
        }
    }

    /** Transactions of several connections, rolled back now and then; Wadi stopped in the middle again and again. */
    @Test
    void whateverIsWrittenAndWheneverWadiStopsTheTablesEndTheSame() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("-Dwadi.seed=" + seed);
        Random random = new Random(seed);
        for (int part = 0; part < 4; part++) {
            try (ApplicationContext wadi = run();
                    Connection first = postgres.connect();
                    Connection second = postgres.connect()) {
                first.setAutoCommit(false);
                second.setAutoCommit(false);
                for (int step = 0; step < 150; step++) {
                    Connection writer = random.nextBoolean() ? first : second;
                    change(random, writer, writer == first ? "x" : "y");
                    if (random.nextInt(20) == 0) {
                        Thread.sleep(100);
                    }
                }
                first.commit();
                second.commit();
                if (random.nextBoolean()) {
                    Thread.sleep(random.nextInt(3_000));
                }
            }
        }
        try (ApplicationContext wadi = run()) {
            same(wadi, "seed " + seed, "customers", CUSTOMERS);
            same(wadi, "seed " + seed, "orders", ORDERS);
            assertThat(lake(wadi, "bronze.shop", "event_id")).doesNotHaveDuplicates();
        }
    }

    /** The two writers have keys of their own, so that neither waits for the other. */
    private static void change(Random random, Connection writer, String mine) throws SQLException {
        String id = mine + random.nextInt(30);
        String other = mine + random.nextInt(30);
        try (Statement statement = writer.createStatement()) {
            switch (random.nextInt(12)) {
                case 0, 1 -> writer.commit();
                case 2 -> writer.rollback();
                case 3 -> statement.execute("DELETE FROM shop.customers WHERE customer_id = '%s'".formatted(id));
                case 4 ->
                    statement.execute(
                            "UPDATE shop.customers SET customer_id = '%s' WHERE customer_id = '%s' AND NOT EXISTS (SELECT FROM shop.customers WHERE customer_id = '%1$s')"
                                    .formatted(other, id));
                case 5 ->
                    statement.execute("UPDATE shop.customers SET notes = NULL WHERE customer_id = '%s'".formatted(id));
                case 6 ->
                    statement.execute("UPDATE shop.customers SET segment = '%d' WHERE customer_id LIKE '%s%%'"
                            .formatted(random.nextInt(), mine));
                case 7 -> statement.execute("""
                            INSERT INTO shop.orders (order_id, customer_id, product_id, amount)
                            SELECT '%s' || n, '%s', 'p', n FROM generate_series(1, 20) n ON CONFLICT (order_id) DO UPDATE SET quantity = shop.orders.quantity + 1""".formatted(mine, id));
                case 8 -> statement.execute("DELETE FROM shop.orders WHERE customer_id = '%s'".formatted(id));
                default -> statement.execute("""
                            INSERT INTO shop.customers (customer_id, name, notes)
                            VALUES ('%s', 'n%d', repeat(md5(random()::text), %d)) ON CONFLICT (customer_id) DO UPDATE SET name = excluded.name""".formatted(id, random.nextInt(100), random.nextBoolean() ? 1 : 400));
            }
        }
    }

    /** Rows that the contract refuses are in quarantine with their place, and hold up nothing. */
    @Test
    void aThousandRowsThatTheContractRefusesAreAccountedFor() throws Exception {
        Path stricter = Files.createDirectories(root.resolve("schemas/tables"));
        try (Stream<Path> contracts = Files.list(Path.of("schemas/tables"))) {
            for (Path contract : contracts.toList()) {
                Files.copy(contract, stricter.resolve(contract.getFileName()));
            }
        }
        Path shop = stricter.resolve("bronze.shop.odcs.yaml");
        String row = "            description: The row after, without the columns in unchanged.\n";
        Files.writeString(shop, Files.readString(shop).replace(row, row + """
                            properties:
                              - name: segment
                                logicalType: string
                                description: A group that there is.
                                customProperties:
                                  - property: allowed
                                    value: [leisure, business]
                """));
        schemas = root.resolve("schemas").toString();
        try (ApplicationContext wadi = run()) {
            same(wadi, "the snapshot", "customers", CUSTOMERS);
            postgres.execute("""
                    INSERT INTO shop.customers (customer_id, name, segment)
                    SELECT 'm' || n, 'N', CASE WHEN n % 2 = 0 THEN 'leisure' ELSE 'none' END FROM generate_series(1, 2000) n""");
            Await.until(
                    "the good ones",
                    () -> lake(wadi, "silver.customers", "customer_id").size() == 1_002);
            Await.until(
                    "the others",
                    () -> lake(wadi, "quarantine.bronze_shop", "position").size() >= 1_000);
            assertThat(lake(wadi, "quarantine.bronze_shop", "source, position"))
                    .hasSize(1_000)
                    .doesNotHaveDuplicates()
                    .allMatch(each -> each.matches("postgresql:shop.customers\\|lsn=[0-9A-F]+/[0-9A-F]+,number=\\d+"));
            // the good ones, the snapshot and its truncates
            assertThat(lake(wadi, "bronze.shop", "event_id")).hasSize(1_000 + 5 + 3);
            Await.until("the slot moves on", () -> lag(wadi) < 10_000);
        }
    }

    /** In bytes of the log. */
    private static long lag(ApplicationContext wadi) {
        Lag lag = wadi.getBean(Routes.class).get("capture-shop").lag();
        return lag == null || !lag.unit().equals("bytes") ? Long.MAX_VALUE : lag.waiting();
    }

    /**
     * The log tells the two as delete x, insert y, delete y, insert x: as if the second had been the row that became y. What is
     * short comes back with its next change.
     */
    @Test
    void keysThatChangePlacesInOneStatementAreOneRowShortUntilItChanges() throws Exception {
        try (ApplicationContext wadi = run()) {
            same(wadi, "the snapshot", "customers", CUSTOMERS);
            postgres.execute("ALTER TABLE shop.customers DROP CONSTRAINT customers_pkey");
            postgres.execute("ALTER TABLE shop.customers ADD PRIMARY KEY (customer_id) DEFERRABLE INITIALLY DEFERRED");
            postgres.execute("ALTER TABLE shop.customers REPLICA IDENTITY FULL");
            postgres.execute("INSERT INTO shop.customers (customer_id, name) VALUES ('x', 'First'), ('y', 'Second')");
            postgres.execute("UPDATE shop.customers SET customer_id = CASE customer_id WHEN 'x' THEN 'y' ELSE 'x' END"
                    + " WHERE customer_id IN ('x', 'y')");
            postgres.execute("INSERT INTO shop.customers (customer_id, name) VALUES ('z', 'After')");
            Await.until(
                    "what came after",
                    () -> lake(wadi, "silver.customers", "customer_id").contains("z"));
            assertThat(lake(wadi, "silver.customers", "customer_id, name"))
                    .contains("x|Second")
                    .doesNotContain("y|First");
            postgres.execute("UPDATE shop.customers SET segment = 'touched' WHERE customer_id = 'y'");
            same(wadi, "all rows", "customers", CUSTOMERS);
        }
    }

    /** A long value that is written, and its row given another key, before the table has the row. */
    @Test
    void aLongValueGoesAlongWithAKeyThatMovesAtOnce() throws Exception {
        String big = "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 500))";
        try (ApplicationContext wadi = run()) {
            same(wadi, "the snapshot", "customers", CUSTOMERS);
            postgres.execute("BEGIN; INSERT INTO shop.customers (customer_id, name, notes) VALUES ('a', 'Ann', %s);"
                            .formatted(big)
                    + " UPDATE shop.customers SET customer_id = 'c' WHERE customer_id = 'a';"
                    + " UPDATE shop.customers SET customer_id = 'e' WHERE customer_id = 'c'; COMMIT");
            same(wadi, "the value", "customers", CUSTOMERS);
        }
    }

    @Test
    void aDatabaseThatIsAwayAtTheStartIsSaidAndWaitedFor() throws Exception {
        postgres.stop();
        try (ApplicationContext wadi = run()) {
            Await.until("away", () -> SourceHealth.of(wadi).startsWith("DOWN {capture-shop="));
            postgres.start();
            same(wadi, "the snapshot", "customers", CUSTOMERS);
            Await.until("health", () -> SourceHealth.of(wadi).startsWith("UP"));
        } finally {
            if (!postgres.isRunning()) {
                postgres.start();
            }
        }
    }

    @Test
    void aDatabaseThatIsAwayAndASlotThatIsLostAreSaidAndMended() throws Exception {
        try (ApplicationContext wadi = run()) {
            same(wadi, "the snapshot", "customers", CUSTOMERS);
            postgres.stop();
            Await.until("away", () -> SourceHealth.of(wadi).startsWith("DOWN"));
            postgres.start();
            postgres.execute("INSERT INTO shop.customers (customer_id, name) VALUES ('after', 'A')");
            same(wadi, "after it", "customers", CUSTOMERS);
            Await.until("health", () -> SourceHealth.of(wadi).startsWith("UP"));
        }
        postgres.execute("SELECT pg_drop_replication_slot('wadi_shop')");
        postgres.execute("DELETE FROM shop.customers WHERE customer_id = 'after'");
        postgres.execute("UPDATE shop.customers SET name = 'unseen'");
        try (ApplicationContext wadi = run()) {
            same(wadi, "a new snapshot", "customers", CUSTOMERS);
        }
    }
}
