package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KpiControllerTest {
    private static SmallServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new SmallServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void the_catalogue_tells_what_can_be_asked() throws Exception {
        JsonNode kpis = json(server.get("/api/kpis")).get("kpis");

        assertThat(kpis).hasSize(5);
        assertThat(kpis.get(4).toString())
                .isEqualTo(
                        "{\"name\":\"revenue\",\"title\":\"Revenue\",\"description\":\"Amount of the bookings that stand"
                                + " (created or confirmed; cancelled ones are left out), by the day they were booked.\","
                                + "\"unit\":\"amount in the currency of the row\",\"owner\":\"sales\",\"dimensions\":[\"currency\","
                                + "\"status\",\"agency\",\"product\",\"product_type\",\"destination\",\"country\",\"segment\"],"
                                + "\"grains\":[\"day\",\"week\",\"month\",\"quarter\",\"year\"],\"alwaysBy\":[\"currency\"],"
                                + "\"link\":\"/api/kpis/revenue\"}");
        assertThat(kpis.get(0).get("alwaysBy")).isEmpty();
    }

    @Test
    void an_answer_has_every_member_and_exact_numbers() throws Exception {
        HttpResponse<String> response =
                server.get("/api/kpis/revenue?from=2026-01-01&grain=month&by=country&where=agency:eq:Atlas");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("application/json");
        assertThat(response.body())
                .isEqualTo("{\"kpi\":\"revenue\",\"title\":\"Revenue\",\"unit\":\"amount in the currency of the row\","
                        + "\"from\":\"2026-01-01\",\"to\":null,\"grain\":\"month\",\"by\":[\"country\",\"currency\"],"
                        + "\"versions\":{\"gold.dim_customer\":1,\"gold.fact_orders\":1},\"rows\":["
                        + "{\"time\":\"2026-01-01\",\"country\":\"DE\",\"currency\":\"EUR\",\"value\":120.20}],"
                        + "\"limit\":1000,\"offset\":0,\"total\":1}");
    }

    @Test
    void what_has_no_value_is_there_as_null_and_no_rows_as_an_empty_list() throws Exception {
        assertThat(server.get("/api/kpis/orders?by=country&where=currency:eq:EUR&offset=1")
                        .body())
                .contains("{\"country\":null,\"value\":1}");
        assertThat(server.get("/api/kpis/revenue?from=2030-01-01").body()).contains("\"rows\":[]");
    }

    @Test
    void an_answer_of_a_moment_is_of_its_versions_and_keeps_its_tag() throws Exception {
        HttpResponse<String> then = server.get("/api/kpis/orders?asOf=2026-06-01T00:00:00Z");
        server.gold().advance("gold.fact_orders");
        HttpResponse<String> again = server.get("/api/kpis/orders?asOf=2026-06-01T00:00:00Z");

        assertThat(json(then).at("/versions/gold.fact_orders").asLong()).isEqualTo(1);
        assertThat(again.headers().firstValue("etag")).isEqualTo(then.headers().firstValue("etag"));
        assertThat(server.get("/api/kpis/orders").headers().firstValue("etag"))
                .isNotEqualTo(then.headers().firstValue("etag"));
        assertThat(server.get(
                                "/api/kpis/orders?asOf=2026-06-01T00:00:00Z",
                                "If-None-Match",
                                then.headers().firstValue("etag").orElseThrow())
                        .statusCode())
                .isEqualTo(304);
        assertThat(server.get("/api/kpis/orders?asOf=yesterday").body()).contains("asOf=yesterday is no time");
    }

    @Test
    void an_answer_that_still_holds_is_not_sent_again_and_not_computed() throws Exception {
        HttpResponse<String> first = server.get("/api/kpis/events?grain=day");
        String tag = first.headers().firstValue("etag").orElseThrow();
        int pins = server.gold().pins();

        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        for (String held : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
            HttpResponse<String> again = server.get("/api/kpis/events?grain=day", "If-None-Match", held);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.headers().firstValue("etag")).hasValue(tag);
        }
        assertThat(server.gold().pins()).isEqualTo(pins);

        server.gold().advance("gold.fact_events");
        HttpResponse<String> changed = server.get("/api/kpis/events?grain=day", "If-None-Match", tag);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.body()).contains("\"gold.fact_events\":2");
    }

    @Test
    void active_users_counts_the_last_days_with_today() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        server.gold()
                .run("INSERT INTO gold.fact_user_days BY NAME SELECT * FROM (VALUES"
                        + " (DATE '%s', 'x', 'DE', 'mobile', 1), (DATE '%s', 'y', 'FR', 'mobile', 1),"
                                .formatted(today, today.minusDays(2))
                        + " (DATE '%s', 'z', 'DE', 'mobile', 1)) AS t(event_date, user_id, country, device, events)"
                                .formatted(today.minusDays(3)));

        assertThat(json(server.get("/api/active-users?days=3"))
                        .at("/rows/0/value")
                        .asInt())
                .isEqualTo(2);
        assertThat(json(server.get("/api/active-users?days=4&where=country:eq:DE"))
                        .at("/rows/0/value")
                        .asInt())
                .isEqualTo(2);
        JsonNode month = json(server.get("/api/active-users"));
        assertThat(month.get("from").asText()).isEqualTo(today.minusDays(29).toString());
        assertThat(month.get("to").asText()).isEqualTo(today.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/kpis/orders?form=2026-01-01       | form   | There is no parameter 'form'. | from
            /api/kpis/orders?by=county             | by     | orders has no dimension 'county'. | country
            /api/kpis/orders?grain=hour            | grain  | orders has no grain 'hour'. | day
            /api/kpis/orders?where=country:is:DE   | where  | there is no operator 'is' | eq
            /api/kpis/orders?from=yesterday        | from   | from=yesterday is not a day. | YYYY-MM-DD
            /api/kpis/orders?from=2027-01-01&to=2026-01-01 | from | is after | from <= to
            /api/kpis/orders?limit=0               | limit  | limit=0 is out of range. | 1..10000
            /api/kpis?x=1                          | x      | this address takes none |
            /api/active-users?days=0               | days   | days=0 is out of range. | 1..3660
            /api/active-users?from=2026-01-01      | from   | There is no parameter 'from'. | days
            /api/active-users?by=agency            | by     | active-users has no dimension 'agency'. | device
            """)
    void a_wrong_parameter_is_a_problem_that_lists_what_is_allowed(
            String path, String parameter, String detail, String allowed) throws Exception {
        HttpResponse<String> response = server.get(path);
        JsonNode problem = json(response);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(problem.get("title").asText()).isEqualTo("Parameter not understood");
        assertThat(problem.get("parameter").asText()).isEqualTo(parameter);
        assertThat(problem.get("detail").asText()).contains(detail);
        if (allowed != null) {
            assertThat(problem.get("allowed").toString()).contains("\"" + allowed + "\"");
        }
    }

    @Test
    void an_unknown_kpi_is_a_problem_that_lists_those_there_are() throws Exception {
        HttpResponse<String> response = server.get("/api/kpis/turnover");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).get("detail").asText())
                .isEqualTo("There is no KPI 'turnover'. There are: active-users, average-order-value, events, orders,"
                        + " revenue.");
        assertThat(json(response).get("known")).hasSize(5);
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }
}
