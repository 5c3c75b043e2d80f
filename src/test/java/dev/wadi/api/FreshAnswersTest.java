package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.kpi.Claims;
import dev.wadi.kpi.Gold;
import dev.wadi.kpi.KeptAnswers;
import dev.wadi.kpi.Question;
import dev.wadi.kpi.QuestionReader;
import dev.wadi.lineage.Patience;
import dev.wadi.parts.Await;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers again, answers of then, answers that wait, and answers that come by themselves. */
class FreshAnswersTest {
    private static final String RECEIPT = "01938c2e-7d3a-7c4e-9f00-0123456789ab";

    private SmallServer server;

    @BeforeEach
    void start() throws Exception {
        server = new SmallServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void an_answer_is_repeated_by_its_versions_to_the_byte() throws Exception {
        HttpResponse<String> first = server.get("/api/kpis/revenue?grain=day&by=country");
        String versions = header(first, "Wadi-Versions");
        assertThat(versions).isEqualTo("gold.dim_customer@1,gold.fact_orders@1");
        server.gold().advance("gold.fact_orders");
        assertThat(header(server.get("/api/kpis/revenue?grain=day&by=country"), "ETag"))
                .isNotEqualTo(header(first, "ETag"));

        HttpResponse<String> again = server.get("/api/kpis/revenue?grain=day&by=country&versions=" + versions);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(header(again, "ETag")).isEqualTo(header(first, "ETag"));
        assertThat(server.get("/api/kpis/revenue?grain=day&by=country&as_of=1").body())
                .isEqualTo(first.body());
    }

    @Test
    void the_same_answer_is_computed_once() throws Exception {
        server.get("/api/kpis/orders");
        int pins = server.gold().pins();
        for (int i = 0; i < 5; i++) {
            assertThat(server.get("/api/kpis/orders").statusCode()).isEqualTo(200);
        }
        assertThat(server.gold().pins()).isEqualTo(pins);
        server.gold().advance("gold.fact_orders");
        server.get("/api/kpis/orders");
        assertThat(server.gold().pins()).isEqualTo(pins + 1);
    }

    @Test
    void each_answer_says_how_fresh_it_is() throws Exception {
        server.timeliness().behind = Duration.ofSeconds(7);
        HttpResponse<String> answer = server.get("/api/kpis/orders?format=csv");
        assertThat(Instant.parse(header(answer, "Wadi-Watermark")))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().minusSeconds(6));
        assertThat(Double.parseDouble(header(answer, "Wadi-Lag"))).isBetween(6.9, 60.0);
        assertThat(server.get("/api/kpis/orders?as_of=2026-06-01T00:00:00Z")
                        .headers()
                        .firstValue("Wadi-Lag"))
                .isEmpty();
    }

    @Test
    void what_is_not_fresh_enough_is_412() throws Exception {
        server.timeliness().behind = Duration.ofSeconds(30);
        HttpResponse<String> stale = server.get("/api/kpis/orders?max_staleness=5s&wait=1s");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.body()).contains("longer than 5s ago", "\"watermark\"", "/api/routes");
        assertThat(server.get("/api/kpis/orders?max_staleness=1m").statusCode()).isEqualTo(200);
    }

    @Test
    void after_a_receipt_the_answer_has_its_events_or_is_412() throws Exception {
        assertThat(server.get("/api/kpis/orders?after=" + RECEIPT).statusCode()).isEqualTo(200);
        assertThat(server.get("/api/kpis/orders?after=" + RECEIPT + "%233").statusCode())
                .isEqualTo(200);
        server.timeliness().arrived = Patience.Arrived.COMMITTED;
        assertThat(server.get("/api/kpis/orders?after=" + RECEIPT).statusCode()).isEqualTo(412);
        server.timeliness().arrived = Patience.Arrived.NOWHERE;
        assertThat(server.get("/api/kpis/orders?after=" + RECEIPT).body())
                .contains("did not reach a table", "/api/quarantine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "after=x | after | is no receipt",
                "max_staleness=5 | max_staleness | no length of time",
                "max_staleness=5s&wait=2m | wait | longer than a minute",
                "max_staleness=5s&as_of=1 | max_staleness | gets no fresher",
                "versions=gold.fact_orders | versions | no table with a version",
                "versions=gold.dim_product@1 | versions | has no version of gold.fact_orders",
                "versions=gold.fact_orders@1&as_of=1 | versions | Write one of them",
                "as_of=yesterday | as_of | no time and no version",
            })
    void a_wrong_wish_is_400_and_says_what_to_write(String query, String parameter, String says) throws Exception {
        HttpResponse<String> answer = server.get("/api/kpis/orders?" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"parameter\":\"" + parameter + "\"", says);
    }

    @Test
    void a_stream_tells_the_answer_and_then_only_what_changes_it() throws Exception {
        HttpResponse<Stream<String>> stream = server.lines("/api/kpis/orders/stream", Map.of());
        assertThat(header(stream, "content-type")).startsWith("text/event-stream");
        try (Stream<String> lines = stream.body()) {
            Iterator<String> all = lines.iterator();
            assertThat(all.next()).isEqualTo("event: answer");
            assertThat(all.next())
                    .isEqualTo("id: "
                            + header(server.get("/api/kpis/orders"), "ETag").replace("\"", ""));
            assertThat(all.next()).startsWith("data: {").contains("\"gold.fact_orders\":1", "\"value\":4");
            assertThat(all.next()).isEmpty();
            // a version that changes nothing, then one that does
            commit("INSERT INTO gold.fact_orders SELECT * FROM gold.fact_orders WHERE false");
            commit("INSERT INTO gold.fact_orders SELECT * FROM gold.fact_orders WHERE booked_date = DATE '2026-01-01'");
            assertThat(all.next()).isEqualTo("event: answer");
            assertThat(all.next()).startsWith("id: ");
            assertThat(all.next()).contains("\"gold.fact_orders\":3", "\"value\":5");
            assertThat(all.next()).isEmpty();
            commit("DELETE FROM gold.fact_orders WHERE booked_date = DATE '2026-01-01'");
            assertThat(all.next()).isEqualTo("event: answer");
            assertThat(all.next()).startsWith("id: ");
            assertThat(all.next()).contains("\"value\":3");
        }
    }

    private void commit(String sql) throws Exception {
        server.gold().run(sql);
        server.gold().advance("gold.fact_orders");
        server.timeliness().committed();
    }

    @Test
    void a_stream_does_not_tell_what_its_client_has() throws Exception {
        String held = header(server.get("/api/kpis/orders"), "ETag").replace("\"", "");
        HttpResponse<Stream<String>> stream = server.lines("/api/kpis/orders/stream", Map.of("Last-Event-ID", held));
        try (Stream<String> lines = stream.body()) {
            Iterator<String> all = lines.iterator();
            assertThat(all.next()).isEqualTo(": nothing new");
            assertThat(all.next()).isEmpty();
            commit("DELETE FROM gold.fact_orders WHERE booked_date = DATE '2026-01-01'");
            assertThat(all.next()).isEqualTo("event: answer");
            assertThat(all.next()).startsWith("id: ").isNotEqualTo("id: " + held);
            assertThat(all.next()).contains("\"value\":3");
        }
    }

    @Test
    void a_stream_gives_signs_of_life() {
        KpiStreams streams = new KpiStreams(
                server.context().getBean(KeptAnswers.class),
                server.timeliness(),
                ForkJoinPool.commonPool(),
                Duration.ofMillis(20));
        Question question =
                QuestionReader.read(Gold.kpis().find("orders").orElseThrow(), Map.of(), Clock.systemUTC(), Claims.OPEN);
        List<String> told = streams.open(() -> question, null)
                .take(3)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .toStream()
                .toList();
        assertThat(told).hasSize(3);
        assertThat(told.getFirst()).startsWith("event: answer\n");
        assertThat(told.subList(1, 3)).containsOnly(": nothing new\n\n");
        assertThat(streams.room()).isEqualTo(KpiStreams.MOST);
        assertThat(server.timeliness().listeners()).isZero();
    }

    @Test
    void a_stream_ends_when_its_client_goes_and_there_are_not_too_many() throws Exception {
        KpiStreams streams = server.context().getBean(KpiStreams.class);
        List<Stream<String>> open = new ArrayList<>();
        for (int n = 0; n < KpiStreams.MOST; n++) {
            Stream<String> lines =
                    server.lines("/api/kpis/orders/stream", Map.of()).body();
            assertThat(lines.iterator().next()).isEqualTo("event: answer");
            open.add(lines);
        }
        HttpResponse<String> refused = server.get("/api/kpis/orders/stream");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(header(refused, "Retry-After")).isEqualTo("10");
        assertThat(refused.body()).contains("64 streams are open");
        open.forEach(Stream::close);
        Await.until(
                "the streams end",
                () -> streams.room() == KpiStreams.MOST && server.timeliness().listeners() == 0);
    }

    @Test
    void a_stream_of_nothing_is_a_problem() throws Exception {
        assertThat(server.get("/api/kpis/nothing/stream").statusCode()).isEqualTo(404);
        assertThat(server.get("/api/kpis/orders/stream?grain=decade").statusCode())
                .isEqualTo(400);
        assertThat(server.get("/api/kpis/orders/stream?format=csv").body()).contains("There is no parameter 'format'");
    }

    private static String header(HttpResponse<?> response, String name) {
        List<String> values = response.headers().allValues(name);
        return values.isEmpty() ? "" : values.getFirst();
    }
}
