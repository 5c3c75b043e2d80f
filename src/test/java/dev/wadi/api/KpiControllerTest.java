package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
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

        assertThat(kpis).hasSizeGreaterThanOrEqualTo(20);
        assertThat(json(server.get("/api/kpis")).get("problem").isNull()).isTrue();
        assertThat(kpi(kpis, "revenue").toString())
                .isEqualTo(
                        "{\"name\":\"revenue\",\"title\":\"Revenue\",\"description\":\"Amount of the bookings that stand"
                                + " (created or confirmed; cancelled ones are left out), by the day they were booked.\","
                                + "\"unit\":\"amount in the currency of the row\","
                                + "\"format\":{\"style\":\"currency\",\"decimals\":2},\"owner\":\"sales\",\"additivity\":\"additive\","
                                + "\"dimensions\":[\"currency\","
                                + "\"status\",\"agency\",\"product\",\"product_type\",\"destination\",\"country\",\"segment\",\"source\"],"
                                + "\"grains\":[\"hour\",\"day\",\"week\",\"month\",\"quarter\",\"year\"],\"alwaysBy\":[\"currency\"],"
                                + "\"zones\":true,\"link\":\"/api/kpis/revenue\"}");
        assertThat(kpi(kpis, "active-users").get("alwaysBy")).isEmpty();
        assertThat(kpi(kpis, "active-users").get("zones").asBoolean()).isFalse();
    }

    private static JsonNode kpi(JsonNode kpis, String name) {
        for (JsonNode kpi : kpis) {
            if (kpi.get("name").asText().equals(name)) {
                return kpi;
            }
        }
        throw new AssertionError("no " + name);
    }

    @Test
    void an_answer_has_every_member_and_exact_numbers() throws Exception {
        HttpResponse<String> response =
                server.get("/api/kpis/revenue?from=2026-01-01&grain=month&by=country&where=agency:eq:Atlas");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("application/json");
        assertThat(response.body())
                .isEqualTo("{\"kpi\":\"revenue\",\"title\":\"Revenue\",\"unit\":\"amount in the currency of the row\","
                        + "\"format\":{\"style\":\"currency\",\"decimals\":2},"
                        + "\"from\":\"2026-01-01\",\"to\":null,\"tz\":\"UTC\",\"grain\":\"month\",\"by\":[\"country\",\"currency\"],"
                        + "\"compareTo\":null,\"versions\":{\"gold.dim_customer\":1,\"gold.fact_orders\":1},\"rows\":["
                        + "{\"time\":\"2026-01-01\",\"country\":\"DE\",\"currency\":\"EUR\",\"value\":120.20}],"
                        + "\"totals\":null,\"limit\":1000,\"offset\":0,\"total\":1}");
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
        HttpResponse<String> then = server.get("/api/kpis/orders?as_of=2026-06-01T00:00:00Z");
        server.gold().advance("gold.fact_orders");
        HttpResponse<String> again = server.get("/api/kpis/orders?as_of=2026-06-01T00:00:00Z");

        assertThat(json(then).at("/versions/gold.fact_orders").asLong()).isEqualTo(1);
        assertThat(again.headers().firstValue("etag")).isEqualTo(then.headers().firstValue("etag"));
        assertThat(server.get("/api/kpis/orders").headers().firstValue("etag"))
                .isNotEqualTo(then.headers().firstValue("etag"));
        assertThat(server.get(
                                "/api/kpis/orders?as_of=2026-06-01T00:00:00Z",
                                "If-None-Match",
                                then.headers().firstValue("etag").orElseThrow())
                        .statusCode())
                .isEqualTo(304);
        assertThat(server.get("/api/kpis/orders?as_of=yesterday").body()).contains("as_of=yesterday is no time");
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
            /api/kpis/orders?grain=minute          | grain  | orders has no grain 'minute'. | day
            /api/kpis/orders?format=xml            | format | format=xml is no format. | csv
            /api/kpis/events?tz=Europe/Berlin      | tz     | tz=Europe/Berlin cannot apply | UTC
            /api/kpis/orders?where=country:is:DE   | where  | there is no operator 'is' | eq
            /api/kpis/orders?from=tomorrow         | from   | from=tomorrow is not a time. | YYYY-MM-DD
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
                .startsWith("There is no KPI 'turnover'. There are: active-users, average-order-value,");
        assertThat(json(response).get("known")).hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void an_answer_is_written_as_it_is_asked_for() throws Exception {
        String path = "/api/kpis/revenue?by=agency&order=value:desc";
        String csv = "agency,currency,value\r\nAtlas,EUR,120.20\r\nO'Hara,USD,50.00\r\n,EUR,0.33\r\n";

        assertThat(server.get(path + "&format=csv").body()).isEqualTo(csv);
        HttpResponse<String> accepted = server.get(path, "Accept", "text/csv");
        assertThat(accepted.body()).isEqualTo(csv);
        assertThat(accepted.headers().firstValue("content-type").orElse("")).startsWith("text/csv");
        assertThat(accepted.headers().firstValue("wadi-versions")).hasValue("gold.fact_orders@1");
        assertThat(accepted.headers().firstValue("wadi-total")).hasValue("3");
        assertThat(server.get(path + "&format=columns").body())
                .contains(
                        "\"columns\":{\"agency\":[\"Atlas\",\"O'Hara\",null],\"currency\":[\"EUR\",\"USD\",\"EUR\"],\"value\":[120.20,50.00,0.33]}");
        assertThat(server.get(path, "Accept", "text/html, */*;q=0.1")
                        .headers()
                        .firstValue("content-type")
                        .orElse(""))
                .startsWith("application/json");
        HttpResponse<String> none = server.get(path, "Accept", "image/png");
        assertThat(none.statusCode()).isEqualTo(406);
        assertThat(json(none).get("allowed").toString()).contains("text/csv");
        assertThat(accepted.headers().firstValue("etag"))
                .isNotEqualTo(server.get(path).headers().firstValue("etag"));
    }

    @Test
    void health_tells_how_many_kpis_there_are() throws Exception {
        JsonNode kpis = json(server.get("/health")).at("/details/kpis");

        assertThat(kpis.get("status").asText()).isEqualTo("UP");
        assertThat(kpis.at("/details/kpis").asInt()).isGreaterThanOrEqualTo(20);
    }

    @Test
    void a_misspelt_parameter_is_answered_with_all_there_are() throws Exception {
        assertThat(json(server.get("/api/kpis/orders?formt=csv")).get("allowed").toString())
                .contains("\"from\"", "\"format\"");
    }

    @Test
    void several_questions_are_answered_at_one_version() throws Exception {
        HttpResponse<String> response = server.post("/api/kpis/query", """
                {"questions": [
                  {"kpi": "orders", "from": "2026-01-01", "to": "2026-01-31", "by": ["country"], "where": "currency:eq:EUR"},
                  {"kpi": "active-users", "grain": "day", "limit": 1}]}
                """);

        assertThat(response.statusCode()).describedAs(response.body()).isEqualTo(200);
        assertThat(json(response).at("/answers/0/rows/0").toString()).isEqualTo("{\"country\":\"DE\",\"value\":2}");
        assertThat(json(response).at("/answers/1/rows").toString())
                .isEqualTo("[{\"time\":\"2026-01-01\",\"value\":1}]");
        assertThat(json(response).get("versions").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("gold.dim_customer", "gold.fact_orders", "gold.fact_user_days");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {                                                    | body      | The body is no JSON
            []                                                   | body      | The body is no JSON object
            {"questions": []}                                    | questions | no list of 1 to 50 questions
            {"question": []}                                     | question  | There is no member 'question'
            {"questions": [{"by": "x"}]}                         | questions | Question 0 names no KPI
            {"questions": [{"kpi": "orders", "by": {"a": 1}}]}   | by        | 'by' is no plain value
            {"questions": [{"kpi": "orders", "grain": "x"}]}     | grain     | orders has no grain 'x'
            {"questions": [{"kpi": "orders", "as_of": "x"}]}      | as_of      | its own as_of
            {"questions": [{"kpi": "orders"}], "format": "csv"}  | format    | are not written as 'csv'
            """)
    void what_is_no_list_of_questions_is_refused(String body, String parameter, String detail) throws Exception {
        HttpResponse<String> response = server.post("/api/kpis/query", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("parameter").asText()).isEqualTo(parameter);
        assertThat(json(response).get("detail").asText()).contains(detail);
    }

    @Test
    void an_unknown_kpi_among_several_questions_says_which() throws Exception {
        HttpResponse<String> response =
                server.post("/api/kpis/query", "{\"questions\": [{\"kpi\": \"orders\"}, {\"kpi\": \"turnover\"}]}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).get("question").asInt()).isEqualTo(1);
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }
}
