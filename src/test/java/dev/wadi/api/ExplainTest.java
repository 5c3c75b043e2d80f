package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From an answer to the SQL and the rows that it is made of, by the links that each step gives. */
class ExplainTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private SmallServer server;

    @BeforeEach
    void start() throws Exception {
        server = new SmallServer();
        server.gold().run("UPDATE gold.fact_orders SET source_system = 'bookings', order_id = 'B,' || booked_date");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> response = server.get(path);
        assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    @Test
    void an_answer_says_its_sql_its_tables_and_what_was_read() throws Exception {
        String question =
                "revenue?grain=month&by=country&where=segment:eq:business&compare_to=-1m&from=2026-01-01&to=2026-02-28";
        JsonNode told = get("/api/kpis/" + question.replace("?", "/explain?"));

        assertThat(told.at("/kept").asBoolean()).isFalse();
        String sql = told.at("/statements/0/sql").asText();
        assertThat(sql)
                .contains("gold.\"dim_customer\"".replace("gold", "\"gold\""))
                .doesNotContain("business");
        assertThat(told.at("/statements/0/parameters").toString()).contains("\"business\"", "\"2026-01-01\"");
        assertThat(told.at("/tables").findValuesAsText("table"))
                .containsSubsequence("gold.dim_customer", "gold.fact_orders");
        JsonNode facts = told.at("/tables/1");
        assertThat(facts.at("/version").asLong()).isEqualTo(1);
        assertThat(facts.at("/scans").asInt()).isEqualTo(2);
        assertThat(facts.at("/rowsRead").asInt()).isBetween(1, 10);
        assertThat(told.at("/time/totalMillis").asDouble())
                .isGreaterThanOrEqualTo(told.at("/time/queryMillis").asDouble());

        JsonNode answer = get("/api/kpis/" + question);
        assertThat(get("/api/kpis/" + question.replace("?", "/explain?"))
                        .at("/kept")
                        .asBoolean())
                .isTrue();
        assertThat(get(told.at("/links/answer").asText())).isEqualTo(answer);
        assertThat(told.at("/rows").size()).isEqualTo(answer.at("/rows").size());
        for (int n = 0; n < answer.at("/rows").size(); n++) {
            JsonNode row = told.at("/rows/" + n);
            assertThat(row.at("/value")).isEqualTo(answer.at("/rows/" + n + "/value"));
            assertThat(number(get(row.at("/links/facts").asText()).at("/value")))
                    .isEqualTo(number(row.at("/value")));
            assertThat(number(get(row.at("/links/previous").asText()).at("/value")))
                    .isEqualTo(number(row.at("/previous")));
        }
    }

    /** A sum of nothing is no value, as is a value that is not there. */
    private static String number(JsonNode value) {
        return value.isNull()
                ? "none"
                : value.decimalValue().stripTrailingZeros().toPlainString();
    }

    @Test
    void a_cell_leads_to_its_facts_page_by_page_and_they_lead_on() throws Exception {
        JsonNode told = get("/api/kpis/revenue/explain?grain=month&by=agency");
        JsonNode atlas = told.at("/rows/0");
        assertThat(atlas.at("/agency").asText()).isEqualTo("Atlas");
        JsonNode page = get(atlas.at("/links/facts").asText() + "&limit=1");
        assertThat(page.at("/total").asInt()).isEqualTo(2);
        assertThat(page.at("/value").decimalValue()).isEqualByComparingTo("120.20");
        JsonNode first = page.at("/rows/0");
        assertThat(first.at("/row/order_id").asText()).isEqualTo("B,2026-01-01");
        assertThat(first.at("/row/amount").decimalValue()).isEqualByComparingTo("100.10");
        JsonNode second = get(page.at("/links/next").asText()).at("/rows/0");
        assertThat(second.at("/row/order_id").asText()).isEqualTo("B,2026-01-04");

        JsonNode traced = get(first.at("/links/trace").asText());
        assertThat(traced.at("/key/order_id").asText()).isEqualTo("B,2026-01-01");
        assertThat(traced.at("/version").asLong()).isEqualTo(1);
        assertThat(traced.at("/rows/0/event/routeVersion").asText()).isEqualTo("0123456789ab");
        JsonNode event = get(traced.at("/from/0/rows/0/links/trace").asText());
        assertThat(event.at("/key/event_id").asText()).isEqualTo("a,b/c d");
        JsonNode why = get(first.at("/links/why").asText());
        assertThat(why.at("/events/0/verdict").asText()).isEqualTo("stale");
        assertThat(why.at("/rows/0/amount").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(get(why.at("/events/0/links/event").asText()).at("/table").asText())
                .isEqualTo("bronze.clickstream");
    }

    @Test
    void a_row_without_a_value_has_its_facts_too() throws Exception {
        JsonNode told = get("/api/kpis/orders/explain?by=agency");
        JsonNode none = told.at("/rows/" + (told.at("/rows").size() - 1));
        assertThat(none.at("/agency").isNull()).isTrue();
        assertThat(get(none.at("/links/facts").asText()).at("/total").asInt()).isEqualTo(1);
        assertThat(get("/api/kpis/orders/facts").at("/total").asInt()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/kpis/orders/explain?cell=x | cell | There is no parameter 'cell'",
                "/api/kpis/orders/facts?fill=0 | fill | There is no parameter 'fill'",
                "/api/kpis/orders/facts?by=agency | cell | does not say which 'agency'",
                "/api/kpis/orders/facts?cell=agency:Atlas | cell | not told apart by 'agency'",
                "/api/kpis/orders/facts?by=agency&cell=agency:Atlas&cell=agency | cell | twice",
                "/api/kpis/orders/facts?grain=day&cell=time:today | cell | no start of a period",
                "/api/kpis/orders/facts?figure=previous | figure | previous needs compare_to",
                "/api/kpis/orders/facts?limit=0 | limit | out of range",
                "/api/trace/gold.fact_orders/B1 | key | source_system,order_id",
                "/api/trace/gold.fact_orders/bookings,B1?version=x | version | no version",
                "/api/why/gold.fact_orders/bookings,B1?limit=1 | limit | takes none",
            })
    void what_is_asked_wrongly_is_400_and_says_what_to_write(String path, String parameter, String says)
            throws Exception {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("\"parameter\":\"" + parameter + "\"", says, "\"allowed\"");
    }

    @Test
    void what_is_not_there_is_404() throws Exception {
        for (String path : new String[] {"/api/kpis/none/explain", "/api/kpis/none/facts", "/api/why/gold.none/1"}) {
            HttpResponse<String> answer = server.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).contains("\"known\"");
        }
    }
}
