package dev.wadi.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.parts.Await;
import dev.wadi.parts.LakeRows;
import dev.wadi.parts.PostgresDatabase;
import dev.wadi.parts.SourceHealth;
import dev.wadi.route.Lag;
import dev.wadi.route.RouteGateway;
import dev.wadi.route.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code from: sql:} with a watermark, on a real PostgreSQL and a lake. */
class PollTest {
    private static final TableName BOOKINGS = TableName.parse("bronze.bookings");
    private static final TableName CLICKS = TableName.parse("bronze.clickstream");

    @TempDir
    static Path database;

    private static PostgresDatabase postgres;

    @TempDir
    Path root;

    private static final AtomicInteger PASSED = new AtomicInteger();
    private static volatile CountDownLatch gate = new CountDownLatch(0);

    @Factory
    @Requires(property = "test.poll")
    static class Beans {
        @Singleton
        @Named("count")
        Processor count() {
            return exchange -> {
                PASSED.incrementAndGet();
                gate.await();
            };
        }
    }

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = new PostgresDatabase(database.resolve("pg"));
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void emptyTables() throws Exception {
        postgres.execute("DROP SCHEMA IF EXISTS pipeline CASCADE");
        postgres.makeSourceTables();
        Files.createDirectories(root.resolve("routes"));
        PASSED.set(0);
        poll("bookings", "partner_agency_booking", 7, "overlap: 60s");
    }

    private void poll(String stream, String table, int pageRows, String... more) throws Exception {
        StringBuilder parameters = new StringBuilder();
        for (String line : more) {
            parameters.append("        ").append(line).append('\n');
        }
        Files.writeString(root.resolve("routes/poll-%s.camel.yaml".formatted(stream)), """
                - route:
                    id: poll-%s
                    from:
                      uri: sql:SELECT * FROM pipeline.%s
                      parameters:
                        watermark: updated_at,id
                        maxMessagesPerPoll: %d
                        initialDelay: 50
                        delay: 100
                %s      steps:
                        - process:
                            ref: count
                        - to: delta:bronze.%s
                """.formatted(
                        stream, table, pageRows, parameters, stream));
    }

    private ApplicationContext run() {
        return ApplicationContext.run(Map.of(
                "test.poll", "true",
                "wadi.routes-dir", root.resolve("routes").toString(),
                "wadi.schemas-dir", "schemas",
                "wadi.lake", root.resolve("lake").toString(),
                "wadi.data-dir", root.resolve("data").toString(),
                "jdbc.url", postgres.jdbcUrl(),
                "rabbitmq.uri", "amqp://guest:secret@127.0.0.1:1"));
    }

    private static void book(int number, String status, String updatedAt) throws SQLException {
        postgres.execute("""
                INSERT INTO pipeline.partner_agency_booking (booking_id, agency_id, customer_id, customer_name, product_id,
                    product_type, product_destination, quantity, unit_price, amount, status, booked_at, updated_at)
                VALUES ('b%d', 'a1', 'c1', 'Ada', 'p1', 'flight', 'Rome', 2, 10.50, 21.00, '%s',
                    '2026-11-20 10:00:00+00', %s)""".formatted(number, status, updatedAt));
    }

    private static List<String> lake(ApplicationContext wadi, TableName table, String columns) {
        return LakeRows.of(wadi, table, "SELECT %s FROM t".formatted(columns)).stream()
                .sorted()
                .toList();
    }

    @Test
    void aRowIsAnEventWheneverItHasChanged() throws Exception {
        book(1, "created", "'2026-11-20 11:00:00.5+01:00'");
        try (ApplicationContext wadi = run()) {
            Await.until("the row", () -> lake(wadi, BOOKINGS, "payload").size() == 1);
            assertThat(lake(wadi, BOOKINGS, "payload, source, position"))
                    .containsExactly(
                            "{\"booking_id\":\"b1\",\"agency_id\":\"a1\",\"customer\":{\"id\":\"c1\",\"name\":\"Ada\"},"
                                    + "\"product\":{\"id\":\"p1\",\"type\":\"flight\",\"destination\":\"Rome\"},\"quantity\":2,"
                                    + "\"unit_price\":10.50,\"currency\":\"EUR\",\"amount\":21.00,\"status\":\"created\","
                                    + "\"booked_at\":\"2026-11-20T10:00:00Z\",\"updated_at\":\"2026-11-20T10:00:00.5Z\"}"
                                    + "|postgresql:pipeline.partner_agency_booking|updated_at=2026-11-20 10:00:00.5+00,id=1");
            postgres.execute(
                    "UPDATE pipeline.partner_agency_booking SET status = 'confirmed', updated_at = updated_at + interval '1s'");
            Await.until("the change", () -> lake(wadi, BOOKINGS, "payload").size() == 2);
            assertThat(SourceHealth.of(wadi)).isEqualTo("UP {poll-bookings=reads}");
        }
    }

    @Test
    void anotherRunGoesOnWhereTheTableIs() throws Exception {
        poll("bookings", "partner_agency_booking", 7, "overlap: 0");
        for (int i = 0; i < 30; i++) {
            book(i, "created", "'2026-11-20 10:00:00+00'");
        }
        try (ApplicationContext wadi = run()) {
            Await.until("all rows", () -> lake(wadi, BOOKINGS, "event_id").size() == 30);
        }
        assertThat(PASSED).hasValue(30);
        book(30, "created", "'2026-11-20 10:00:00+00'");
        try (ApplicationContext wadi = run()) {
            Await.until("the new row", () -> lake(wadi, BOOKINGS, "event_id").size() == 31);
        }
        assertThat(PASSED).hasValue(31);
    }

    @Test
    void aRowThatIsCommittedLateIsReadAndNoneTwice() throws Exception {
        try (ApplicationContext wadi = run();
                Connection late = postgres.connect();
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("""
                    INSERT INTO pipeline.partner_agency_booking (booking_id, agency_id, customer_id, product_id, unit_price, amount)
                    VALUES ('late', 'a1', 'c1', 'p1', 1, 1)""");
            for (int i = 0; i < 20; i++) {
                book(i, "created", "clock_timestamp()");
            }
            Await.until("the others", () -> lake(wadi, BOOKINGS, "event_id").size() == 20);
            late.commit();
            Await.until("the late one", () -> lake(wadi, BOOKINGS, "event_id").size() == 21);
            Thread.sleep(1_000);
            assertThat(PASSED).hasValue(21);
        }
    }

    /** Writers that commit in any order, pages of seven rows, Wadi stopped in the middle again and again. */
    @Test
    void whateverIsWrittenAndWheneverWadiStopsTheLastStateOfEachRowIsThereOnce() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("-Dwadi.seed=" + seed);
        Random random = new Random(seed);
        int rows = 0;
        for (int part = 0; part < 3; part++) {
            try (ApplicationContext wadi = run();
                    Connection first = postgres.connect();
                    Connection second = postgres.connect()) {
                first.setAutoCommit(false);
                second.setAutoCommit(false);
                for (int step = 0; step < 60; step++) {
                    Connection writer = random.nextBoolean() ? first : second;
                    try (Statement statement = writer.createStatement()) {
                        switch (random.nextInt(4)) {
                            case 0 -> writer.commit();
                            case 1 -> {
                                if (rows > 0) {
                                    statement.execute("""
                                            UPDATE pipeline.partner_agency_booking SET quantity = quantity + 1, updated_at = now()
                                            WHERE id IN (SELECT id FROM pipeline.partner_agency_booking
                                                WHERE id %% 10 < 4 ORDER BY random() LIMIT 5 FOR UPDATE SKIP LOCKED)""".replace("%%", "%"));
                                }
                            }
                            default -> {
                                int count = 1 + random.nextInt(20);
                                statement.execute("""
                                        INSERT INTO pipeline.partner_agency_booking
                                            (booking_id, agency_id, customer_id, product_id, unit_price, amount)
                                        SELECT 'b' || n, 'a1', 'c1', 'p1', 1, 1 FROM generate_series(%d, %d) n""".formatted(rows, rows + count - 1));
                                rows += count;
                            }
                        }
                    }
                }
                first.commit();
                second.commit();
            }
        }
        List<String> truth = postgres.rows(
                "SELECT booking_id, quantity, to_char(updated_at, 'YYYY-MM-DD HH24:MI:SS.US') FROM pipeline.partner_agency_booking ORDER BY booking_id COLLATE \"C\"");
        try (ApplicationContext wadi = run()) {
            String newest = """
                    payload->>'booking_id', payload->>'quantity',
                    strftime((payload->>'updated_at')::TIMESTAMPTZ AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%f')""";
            Await.until("seed " + seed, () -> lake(wadi, BOOKINGS, newest).containsAll(truth));
            assertThat(lake(wadi, BOOKINGS, "payload")).doesNotHaveDuplicates();
        }
    }

    @Test
    void whatDoesNotFitIsInQuarantineWithItsTableAndKey() throws Exception {
        poll("clickstream", "clickstream_data", 300);
        postgres.execute("""
                INSERT INTO pipeline.clickstream_data (event_id, user_id, action, event_time)
                SELECT CASE WHEN n % 7 = 0 THEN '' ELSE 'e' || n END, 'u' || n,
                    CASE WHEN n % 3 = 0 THEN 'dance' ELSE 'login' END, '2026-11-20 10:00:00+00'
                FROM generate_series(1, 2500) n""");
        try (ApplicationContext wadi = run()) {
            TableName refused = TableName.parse("quarantine.bronze_clickstream");
            Await.until(
                    "all rows",
                    () -> lake(wadi, CLICKS, "event_id").size()
                                    + lake(wadi, refused, "position").size()
                            >= 2_500);
            // every third and every seventh
            assertThat(lake(wadi, refused, "position")).hasSize(833 + 357 - 119);
            assertThat(lake(wadi, CLICKS, "event_id")).hasSize(2_500 - (833 + 357 - 119));
            assertThat(lake(wadi, refused, "position, source"))
                    .allMatch(each -> each.matches("updated_at=.*,id=\\d+\\|postgresql:pipeline.clickstream_data"))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void whatIsNotReadYetIsTheLag() throws Exception {
        for (int i = 0; i < 30; i++) {
            book(i, "created", "'2026-11-20 10:00:00+00'");
        }
        gate = new CountDownLatch(1);
        try (ApplicationContext wadi = run()) {
            Routes routes = wadi.getBean(Routes.class);
            Await.until("the first row", () -> PASSED.get() > 0);
            assertThat(routes.get("poll-bookings").lag()).isEqualTo(new Lag(30, "rows"));
            gate.countDown();
            Await.until(
                    "the rest",
                    () -> new Lag(0, "rows").equals(routes.get("poll-bookings").lag()));
            assertThat(lake(wadi, BOOKINGS, "event_id")).hasSize(30);
            assertThat(wadi.getBean(MeterRegistry.class)
                            .get("wadi.route.lag")
                            .tag("route", "poll-bookings")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(routes.into(BOOKINGS)).extracting(Routes.Inlet::route).containsExactly("poll-bookings");
        } finally {
            gate.countDown();
        }
    }

    @Test
    void aDatabaseThatIsAwayAtTheStartIsSaidAndWaitedFor() throws Exception {
        postgres.stop();
        try (ApplicationContext wadi = run()) {
            Await.until(
                    "the database away",
                    () -> SourceHealth.of(wadi).startsWith("DOWN {poll-bookings=the database is away: "));
            assertThat(wadi.getBean(Routes.class).get("poll-bookings").lag()).isNull();
            postgres.start();
            book(1, "created", "now()");
            Await.until("the row", () -> lake(wadi, BOOKINGS, "event_id").size() == 1);
            Await.until("health", () -> SourceHealth.of(wadi).startsWith("UP"));
        } finally {
            if (!postgres.isRunning()) {
                postgres.start();
            }
        }
    }

    @Test
    void aMissingTableAMissingColumnAndADatabaseThatIsAwayAreSaidAndWaitedFor() throws Exception {
        Files.writeString(root.resolve("routes/other.camel.yaml"), """
                - route:
                    id: land-clicks
                    from:
                      uri: direct:clicks
                      steps:
                        - to: delta:bronze.clickstream
                """);
        postgres.execute("ALTER TABLE pipeline.partner_agency_booking RENAME TO elsewhere");
        try (ApplicationContext wadi = run()) {
            Await.until(
                    "the missing table",
                    () -> SourceHealth.of(wadi)
                            .equals(
                                    "DOWN {poll-bookings=ERROR: relation \"pipeline.partner_agency_booking\" does not exist."
                                            + " Create it, or correct the SELECT of the route}"));
            postgres.execute("ALTER TABLE pipeline.elsewhere RENAME TO partner_agency_booking");
            book(1, "created", "now()");
            Await.until("the row", () -> lake(wadi, BOOKINGS, "event_id").size() == 1);
            Await.until("health", () -> SourceHealth.of(wadi).startsWith("UP"));

            postgres.execute("ALTER TABLE pipeline.partner_agency_booking RENAME COLUMN amount TO total");
            Await.until("the missing column", () -> SourceHealth.of(wadi).contains("has no column for amount"));
            postgres.execute("ALTER TABLE pipeline.partner_agency_booking RENAME COLUMN updated_at TO changed_at");
            Await.until("the missing watermark", () -> SourceHealth.of(wadi).contains("gives no column 'updated_at'"));
            postgres.execute("ALTER TABLE pipeline.partner_agency_booking RENAME COLUMN changed_at TO updated_at");
            postgres.execute("ALTER TABLE pipeline.partner_agency_booking RENAME COLUMN total TO amount");
            book(2, "created", "now()");
            Await.until("the next row", () -> lake(wadi, BOOKINGS, "event_id").size() == 2);

            postgres.stop();
            Await.until(
                    "the database away",
                    () -> SourceHealth.of(wadi).startsWith("DOWN {poll-bookings=the database is away: "));
            wadi.getBean(RouteGateway.class)
                    .send(
                            "direct:clicks",
                            "{\"event_id\":\"e1\",\"user_id\":\"u1\",\"action\":\"login\",\"event_time\":\"2026-11-20T10:00:00Z\"}",
                            Map.of())
                    .get(60, TimeUnit.SECONDS);
            postgres.start();
            book(3, "created", "now()");
            Await.until(
                    "the row after it", () -> lake(wadi, BOOKINGS, "event_id").size() == 3);
            Await.until("health", () -> SourceHealth.of(wadi).startsWith("UP"));
        }
    }
}
