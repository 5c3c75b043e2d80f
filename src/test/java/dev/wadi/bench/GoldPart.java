package dev.wadi.bench;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.proof.Http;
import dev.wadi.proof.LakeReader;
import dev.wadi.proof.WadiProcess;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * KPI answers over a gold that is there when the app starts: orders of one year, asked by day and by one dimension. The same
 * question again and again, questions that nobody has asked before, "nothing is new", and the first answer after a commit.
 */
final class GoldPart {
    private static final TableName FACTS = TableName.parse("gold.fact_orders");
    private static final TableName PRODUCTS = TableName.parse("gold.dim_product");
    private static final LocalDate FIRST = LocalDate.of(2025, 1, 1);
    private static final String ASK =
            "/api/kpis/revenue-eur?from=%s&to=2025-12-31&grain=day&by=product_type&limit=2000";
    private static final String QUESTION = ASK.formatted(FIRST);
    private static final int CONNECTIONS = 4;
    private static final int LOADED_AT_ONCE = 10_000_000;
    private static final int NEW_VERSIONS = 20;
    private static final int PRODUCT_KEYS = 50;

    private final long facts;
    private final String memory;
    private final int repeated;
    private final int distinct;

    GoldPart(long facts, String memory, int repeated, int distinct) {
        this.facts = facts;
        this.memory = memory;
        this.repeated = repeated;
        this.distinct = distinct;
    }

    static List<Figure> million(Path folder) throws Exception {
        return new GoldPart(1_000_000, "1GB", 20_000, 200).measure(folder);
    }

    /** A hundred millions of facts need some 4 GB of disk and some minutes. */
    static List<Figure> hundredMillions(Path folder) throws Exception {
        return new GoldPart(100_000_000, "4GB", 2_000, 20).measure(folder);
    }

    private List<Figure> measure(Path folder) throws Exception {
        load(folder.resolve("data"));
        try (WadiProcess wadi = new WadiProcess(folder, Map.of("WADI_DUCKDB_MEMORY", memory))) {
            wadi.start();
            Http.Answer first = wadi.http().get(QUESTION);
            if (first.status() != 200) {
                throw new IllegalStateException("%s: %d %s".formatted(QUESTION, first.status(), first.body()));
            }
            System.out.printf(
                    "  %s: %d rows from %,d facts%n",
                    QUESTION, first.json().path("rows").size(), facts);
            double[] plain = plain(new LakeReader(wadi.lake()));
            ask(wadi, repeated, "");
            HttpLoad.Result kept = ask(wadi, repeated, "");
            String etag = wadi.http().get(QUESTION).headers().firstValue("ETag").orElseThrow();
            ask(wadi, repeated, "If-None-Match: " + etag);
            HttpLoad.Result unchanged = ask(wadi, repeated, "If-None-Match: " + etag);
            HttpLoad.Result computed = askAnew(wadi);
            boolean large = facts > LOADED_AT_ONCE;
            // of a hundred million facts the keys do not fit the index, and each booking is a scan that takes the cores
            double[] after = large ? new double[] {Double.NaN} : afterCommits(wadi);
            System.out.printf(
                    "  the same: p50 %.2f ms, p99 %.2f ms; 304: p50 %.2f ms, p99 %.2f ms; new questions, one at a time: p50 %.1f ms, p99 %.1f ms; after a commit: p50 %.1f ms, most %.1f ms%n",
                    kept.millisAt(0.5),
                    kept.millisAt(0.99),
                    unchanged.millisAt(0.5),
                    unchanged.millisAt(0.99),
                    computed.millisAt(0.5),
                    computed.millisAt(0.99),
                    after[after.length / 2],
                    after[after.length - 1]);
            String of = "KPI by day of a year, %,d million facts: ".formatted(facts / 1_000_000);
            String duck = "plain DuckDB, the same files, 2 threads, p50";
            double median = plain[plain.length / 2];
            List<Figure> figures = List.of(
                    Figure.of(of + "the same question, p99", kept.millisAt(0.99), "ms", duck, median)
                            .atMost(large ? 1_500 : 15),
                    Figure.of(
                                    of + "the same question, %d at once".formatted(CONNECTIONS),
                                    kept.perSecond(200),
                                    "answers/s",
                                    "plain DuckDB",
                                    1_000 / median)
                            .atLeast(1_000),
                    Figure.of(of + "a new question, p99", computed.millisAt(0.99), "ms", duck, median)
                            .atMost(large ? 1_500 : 15),
                    Figure.of(
                                    of + "not changed (304)",
                                    unchanged.perSecond(304),
                                    "answers/s",
                                    "the same question",
                                    kept.perSecond(200))
                            .atLeast(10_000),
                    Figure.of(of + "first after a commit, p50", after[after.length / 2], "ms", duck, median)
                            .atMost(50));
            return large ? figures.subList(0, 3) : figures;
        }
    }

    void load(Path data) {
        Contracts contracts = Contracts.load(Path.of("schemas", "tables"));
        try (MergeInProcess merge = new MergeInProcess(data, contracts, "4GB", 2, "64MB")) {
            merge.merge(
                    PRODUCTS,
                    select(
                            contracts,
                            PRODUCTS,
                            "range(%d)".formatted(PRODUCT_KEYS),
                            Map.of(
                                    "product_key", "range",
                                    "product_id", "'p' || range",
                                    "name", "'Product ' || range",
                                    "type", "['flight', 'hotel', 'car'][1 + range % 3]",
                                    "updated_at", "TIMESTAMPTZ '2025-01-01 00:00:00Z'",
                                    "booking_id", "'b' || range",
                                    "gone", "false")));
            for (long from = 0; from < facts; from += LOADED_AT_ONCE) {
                merge.merge(
                        FACTS,
                        select(
                                contracts,
                                FACTS,
                                "range(%d, %d)".formatted(from, Math.min(facts, from + LOADED_AT_ONCE)),
                                Map.ofEntries(
                                        Map.entry("source_system", "'bookings'"),
                                        Map.entry("order_id", "'b' || range"),
                                        Map.entry("booked_date", "DATE '2025-01-01' + CAST(range % 365 AS INTEGER)"),
                                        Map.entry("date_key", "20250101"),
                                        Map.entry("travel_date_key", "-1"),
                                        Map.entry("product_id", "'p' || range * 7919 % 50"),
                                        Map.entry("product_key", "range * 7919 % 50"),
                                        Map.entry("customer_id", "'c' || range * 104729 % 100000"),
                                        Map.entry("customer_key", "range * 104729 % 100000"),
                                        Map.entry("agency_id", "'a' || range % 20"),
                                        Map.entry("agency_key", "range % 20"),
                                        Map.entry("agency_name", "'Agency ' || range % 20"),
                                        Map.entry("quantity", "1"),
                                        Map.entry("currency", "'EUR'"),
                                        Map.entry("amount", "100 + range % 900"),
                                        Map.entry("rate", "1"),
                                        Map.entry("amount_eur", "100 + range % 900"),
                                        Map.entry("status", "['created', 'confirmed', 'cancelled'][1 + range % 3]"),
                                        Map.entry(
                                                "booked_at",
                                                "TIMESTAMPTZ '2025-01-01 10:00:00Z' + to_days(CAST(range % 365 AS INTEGER))"),
                                        Map.entry("updated_at", "TIMESTAMPTZ '2025-12-31 10:00:00Z'"),
                                        Map.entry("gone", "false"))));
            }
            merge.compact(FACTS);
        }
    }

    /** A SELECT that gives every column of a table: by an expression, or null. */
    private static String select(Contracts contracts, TableName table, String from, Map<String, String> values) {
        return contracts.get(table).columns().stream()
                .map(column -> "CAST(%s AS %s) AS %s"
                        .formatted(
                                values.getOrDefault(column.name(), "NULL"),
                                column.type().sql(),
                                column.name()))
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + from));
    }

    private static HttpLoad.Result ask(WadiProcess wadi, int count, String header) throws Exception {
        byte[] request = Requests.get(QUESTION, header);
        return HttpLoad.run(wadi.httpPort(), CONNECTIONS, new HttpPart.Countdown(count) {
            @Override
            ByteBuffer request(int connection) {
                return ByteBuffer.wrap(request);
            }
        });
    }

    /** Each question is one that has not been asked: from another day on. */
    private HttpLoad.Result askAnew(WadiProcess wadi) throws Exception {
        return HttpLoad.run(wadi.httpPort(), 1, new HttpPart.Countdown(distinct) {
            private LocalDate day = FIRST;

            @Override
            ByteBuffer request(int connection) {
                day = day.plusDays(1);
                return ByteBuffer.wrap(Requests.get(ASK.formatted(day), ""));
            }
        });
    }

    /** Milliseconds that the answer took that was the first at its version, in ascending order. */
    private static double[] afterCommits(WadiProcess wadi) throws Exception {
        double[] millis = new double[NEW_VERSIONS];
        String etag = wadi.http().get(QUESTION).headers().firstValue("ETag").orElseThrow();
        for (int i = 0; i < NEW_VERSIONS; i++) {
            String booking = """
                    {"booking_id":"new%d","agency_id":"a1","agency_name":"Agency","customer":{"id":"c1","name":"Ada","country":"DE"},
                     "product":{"id":"p1","name":"Product 1","type":"hotel"},"quantity":1,"unit_price":1,"currency":"EUR","amount":1,
                     "status":"created","booked_at":"2025-06-01T10:00:00Z","updated_at":"2025-06-01T10:00:00Z"}""".formatted(i);
            Http.Answer accepted = wadi.http()
                    .post("/api/events/bookings", "application/json", booking.getBytes(StandardCharsets.UTF_8));
            if (accepted.status() != 202) {
                throw new IllegalStateException(accepted.status() + " " + accepted.body());
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (true) {
                long before = System.nanoTime();
                Http.Answer answer = wadi.http().get(QUESTION, "If-None-Match", etag);
                if (answer.status() == 200) {
                    millis[i] = (System.nanoTime() - before) / 1e6;
                    etag = answer.headers().firstValue("ETag").orElseThrow();
                    break;
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the booking did not reach gold:\n" + wadi.tail());
                }
                Thread.sleep(5);
            }
            // the tables that follow are written, too, before the next booking
            Thread.sleep(1_500);
        }
        Arrays.sort(millis);
        return millis;
    }

    /** Milliseconds of the same SQL in plain DuckDB, in ascending order. */
    private double[] plain(LakeReader lake) throws Exception {
        String sql = """
                SELECT o.booked_date, p.type, sum(o.amount_eur)
                FROM (%s) o LEFT JOIN (%s) p USING (product_key)
                WHERE o.status <> 'cancelled' AND o.booked_date >= DATE '2025-01-01' AND o.booked_date < DATE '2026-01-01'
                GROUP BY ALL ORDER BY ALL
                """.formatted(lake.select(FACTS.toString()), lake.select(PRODUCTS.toString()));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                PreparedStatement statement = connection.prepareStatement(sql)) {
            connection.createStatement().execute("SET threads=2");
            connection.createStatement().execute("SET parquet_metadata_cache=true");
            for (int i = 0; i < 5; i++) {
                drain(statement);
            }
            double[] millis = new double[distinct];
            for (int i = 0; i < millis.length; i++) {
                long before = System.nanoTime();
                drain(statement);
                millis[i] = (System.nanoTime() - before) / 1e6;
            }
            Arrays.sort(millis);
            return millis;
        }
    }

    private static void drain(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                rows.getObject(3);
            }
        }
    }
}
