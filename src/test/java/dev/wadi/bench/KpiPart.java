package dev.wadi.bench;

import dev.wadi.proof.Http;
import dev.wadi.proof.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How many KPI answers a second come back, warm, and how many times "nothing is new". */
final class KpiPart {
    private static final int BOOKINGS = 20_000;
    private static final int BATCH = 500;
    private static final int CONNECTIONS = 4;
    private static final int WARM_UP = 500;
    private static final int ANSWERS = 2_000;
    private static final int UNCHANGED = 20_000;
    private static final String QUESTION = "/api/kpis/revenue?from=2026-05-01&to=2026-07-31&grain=week&by=product_type";

    private KpiPart() {}

    static List<Figure> measure(Subject subject) throws Exception {
        load(subject);
        Http.Answer first = subject.wadi.http().get(QUESTION);
        if (first.status() != 200) {
            throw new IllegalStateException(QUESTION + " was answered with " + first.status() + ": " + first.body());
        }
        System.out.printf(
                "  %s: %d rows from %,d orders%n",
                QUESTION, first.json().path("rows").size(), BOOKINGS);
        ask(subject, WARM_UP, "");
        HttpLoad.Result answers = ask(subject, ANSWERS, "");
        String etag = first.headers().firstValue("ETag").orElseThrow();
        ask(subject, WARM_UP, "If-None-Match: " + etag);
        HttpLoad.Result unchanged = ask(subject, UNCHANGED, "If-None-Match: " + etag);
        double duck = duckDb(subject);
        return List.of(
                Figure.of(
                        "KPI answers, %d at once".formatted(CONNECTIONS),
                        answers.perSecond(200),
                        "answers/s",
                        "plain DuckDB, the same SQL on the same Parquet, one thread",
                        duck),
                Figure.of(
                        "KPI not changed (304)",
                        unchanged.perSecond(304),
                        "answers/s",
                        "KPI answers",
                        answers.perSecond(200)));
    }

    private static void load(Subject subject) throws Exception {
        Sample sample = new Sample(7);
        for (int sent = 0; sent < BOOKINGS; sent += BATCH) {
            String lines = Stream.generate(() -> sample.booking().toString())
                    .limit(BATCH)
                    .collect(Collectors.joining("\n"));
            Http.Answer answer = subject.wadi
                    .http()
                    .post("/api/events/bookings", "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8));
            if (answer.status() != 202) {
                throw new IllegalStateException(
                        "bookings were answered with " + answer.status() + ": " + answer.body());
            }
        }
        subject.awaitRows("gold.fact_orders", BOOKINGS);
        subject.drained();
    }

    private static HttpLoad.Result ask(Subject subject, int count, String header) throws Exception {
        byte[] request = Requests.get(QUESTION, header);
        return HttpLoad.run(subject.wadi.httpPort(), CONNECTIONS, new HttpPart.Countdown(count) {
            @Override
            ByteBuffer request(int connection) {
                return ByteBuffer.wrap(request);
            }
        });
    }

    private static double duckDb(Subject subject) throws Exception {
        String sql = """
                SELECT date_trunc('week', o.booked_date) AS "time", p.type AS product_type, o.currency, sum(o.amount)
                FROM (%s) o JOIN (%s) p USING (product_key)
                WHERE o.status <> 'cancelled' AND o.booked_date >= DATE '2026-05-01' AND o.booked_date < DATE '2026-08-01'
                GROUP BY ALL ORDER BY ALL
                """.formatted(subject.lake.select("gold.fact_orders"), subject.lake.select("gold.dim_product"));
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < 20; i++) {
                drain(statement);
            }
            int runs = 200;
            long before = System.nanoTime();
            for (int i = 0; i < runs; i++) {
                drain(statement);
            }
            return runs / ((System.nanoTime() - before) / 1e9);
        }
    }

    private static void drain(PreparedStatement statement) throws java.sql.SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                rows.getObject(4);
            }
        }
    }
}
