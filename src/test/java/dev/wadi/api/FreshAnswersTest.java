package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.lineage.Patience;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers again, answers of then, and answers that wait. */
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

    private static String header(HttpResponse<?> response, String name) {
        List<String> values = response.headers().allValues(name);
        return values.isEmpty() ? "" : values.getFirst();
    }
}
