package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.table.TableColumn;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables, quarantine and the lake in /health. */
class LakeAddressesTest {
    private static SmallServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new SmallServer();
        // that of bronze.clickstream has a contract, and is there
        server.gold().table("quarantine.gold_fact_events", """
                id VARCHAR, target VARCHAR, reason VARCHAR, message VARCHAR, payload VARCHAR, source VARCHAR,
                position VARCHAR, quarantined_at TIMESTAMPTZ""");
        server.gold().run("""
                INSERT INTO quarantine.bronze_clickstream VALUES
                    ('a', 'bronze.clickstream', 'malformed', 'no JSON', '{', 'http', '1', '2026-01-01T00:00:00.5Z'),
                    ('b', 'bronze.clickstream', 'contract', 'no id', '{}', NULL, NULL, '2026-01-03T00:00:00Z');
                INSERT INTO quarantine.gold_fact_events VALUES
                    ('c', 'gold.fact_events', 'tie', 'two', '{}', 'x', '9', '2026-01-02T00:00:00Z')""");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void empty() {
        server.states().clear();
    }

    @Test
    void a_table_is_told_with_its_size_and_freshness() throws Exception {
        orders(Instant.now().minusSeconds(90));

        JsonNode table = json(server.get("/api/tables"), 200).at("/tables/0");

        assertThat(table.get("name").asText()).isEqualTo("gold.fact_orders");
        assertThat(table.get("description").asText()).startsWith("One order a row");
        assertThat(table.get("version").asLong()).isEqualTo(7);
        assertThat(table.get("rows").asLong()).isEqualTo(17);
        assertThat(table.get("files").asLong()).isEqualTo(2);
        assertThat(table.get("bytes").asLong()).isEqualTo(3000);
        assertThat(table.get("freshnessSeconds").asLong()).isBetween(90L, 120L);
        assertThat(table.get("error").isNull()).isTrue();
        assertThat(table.get("link").asText()).isEqualTo("/api/tables/gold.fact_orders");
    }

    @Test
    void a_table_is_told_with_its_columns_and_what_the_contract_says_of_them() throws Exception {
        orders(Instant.parse("2026-01-01T00:00:00Z"));

        JsonNode table = json(server.get("/api/tables/gold.fact_orders"), 200);

        assertThat(table.get("lastCommit").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(table.get("primaryKey").toString()).isEqualTo("[\"source_system\",\"order_id\"]");
        assertThat(table.get("columns").toString())
                .isEqualTo(
                        "[{\"name\":\"amount\",\"type\":\"DECIMAL(18,2)\",\"required\":false,\"description\":\"Price"
                                + " of the whole order, in currency.\"},{\"name\":\"_extra\",\"type\":\"VARCHAR\",\"required\":false,\"description\":\"\"}]");
    }

    @Test
    void what_was_done_to_a_table_is_told_by_pages() throws Exception {
        orders(Instant.now());

        assertThat(server.get("/api/tables/gold.fact_orders/history").body())
                .isEqualTo(
                        "{\"table\":\"gold.fact_orders\",\"commits\":[{\"version\":7,"
                                + "\"timestamp\":\"1970-01-01T00:00:00Z\",\"operation\":\"MERGE\",\"parameters\":{\"by\":\"id\"},"
                                + "\"metrics\":{\"rows\":\"17\"},\"engineInfo\":null}],\"limit\":100,\"offset\":0,\"total\":1}");
        assertThat(json(server.get("/api/tables/gold.fact_orders/history?limit=5&offset=1"), 200)
                        .get("commits"))
                .isEmpty();
        assertThat(json(server.get("/api/tables/gold.fact/history"), 404).get("known"))
                .hasSize(1);
        assertThat(json(server.get("/api/tables/gold.fact_orders/history?limit=0"), 400)
                        .get("parameter")
                        .asText())
                .isEqualTo("limit");
    }

    @Test
    void a_table_is_told_as_it_was_or_which_versions_there_are() throws Exception {
        orders(Instant.now());

        assertThat(json(server.get("/api/tables/gold.fact_orders?timestamp=2026-01-01T00:00:00Z"), 200)
                        .get("version")
                        .asLong())
                .isEqualTo(7);
        JsonNode problem = json(server.get("/api/tables/gold.fact_orders?version=9"), 404);
        assertThat(problem.get("title").asText()).isEqualTo("No such version");
        assertThat(problem.get("detail").asText()).isEqualTo("No version 9. Versions 3 to 7 can be read.");
        assertThat(problem.get("oldest").asLong()).isEqualTo(3);
        assertThat(problem.get("newest").asLong()).isEqualTo(7);
        assertThat(json(server.get("/api/tables/gold.fact_orders?version=1&timestamp=2026-01-01T00:00:00Z"), 400)
                        .get("detail")
                        .asText())
                .contains("Write one of them");
        assertThat(json(server.get("/api/tables/gold.fact_orders?version=one"), 400)
                        .get("parameter")
                        .asText())
                .isEqualTo("version");
    }

    @Test
    void without_tables_the_list_is_empty_and_a_name_is_a_problem_that_says_so() throws Exception {
        assertThat(server.get("/api/tables").body()).isEqualTo("{\"tables\":[]}");
        assertThat(json(server.get("/api/tables/gold.fact_orders"), 404)
                        .get("detail")
                        .asText())
                .isEqualTo("There is no table 'gold.fact_orders'; none has been written yet. Post an event first.");
    }

    @Test
    void an_unknown_table_is_a_problem_that_lists_those_there_are() throws Exception {
        orders(Instant.now());

        JsonNode problem = json(server.get("/api/tables/..%2F..%2Fetc"), 404);

        assertThat(problem.get("known").toString()).isEqualTo("[\"gold.fact_orders\"]");
    }

    @Test
    void a_table_that_cannot_be_read_does_not_hide_the_others() throws Exception {
        orders(Instant.now());
        server.states().put("gold.dim_time", Instant.now(), List.of());
        server.states().breakTable("gold.dim_time");

        JsonNode tables = json(server.get("/api/tables"), 200).get("tables");

        assertThat(tables).hasSize(2);
        assertThat(tables.at("/0/error").asText()).contains("gold.dim_time, version 7: a file is gone");
        assertThat(tables.at("/0/rows").isNull()).isTrue();
        assertThat(json(server.get("/api/tables/gold.dim_time"), 503)
                        .get("title")
                        .asText())
                .isEqualTo("Table not readable");
    }

    @Test
    void nothing_in_quarantine_is_an_empty_list() throws Exception {
        assertThat(server.get("/api/quarantine").body())
                .isEqualTo("{\"rows\":[],\"limit\":100,\"offset\":0,\"total\":0}");
        assertThat(json(server.get("/api/quarantine?table=gold.fact_orders"), 200)
                        .get("rows"))
                .isEmpty();
    }

    @Test
    void quarantine_is_told_newest_first_over_all_tables_and_by_pages() throws Exception {
        quarantine();

        assertThat(json(server.get("/api/quarantine"), 200).get("rows").findValuesAsText("id"))
                .containsExactly("b", "c", "a");
        JsonNode page = json(server.get("/api/quarantine?limit=1&offset=2"), 200);
        assertThat(page.get("total").asLong()).isEqualTo(3);
        assertThat(page.at("/rows/0").toString())
                .isEqualTo(
                        "{\"id\":\"a\",\"target\":\"bronze.clickstream\",\"reason\":\"malformed\",\"message\":\"no JSON\","
                                + "\"payload\":\"{\",\"source\":\"http\",\"position\":\"1\","
                                + "\"quarantinedAt\":\"2026-01-01T00:00:00.500Z\"}");
        assertThat(json(server.get("/api/quarantine?offset=9"), 200)
                        .get("total")
                        .asLong())
                .isEqualTo(3);
    }

    @Test
    void quarantine_of_one_table_is_named_by_that_table() throws Exception {
        quarantine();

        assertThat(json(server.get("/api/quarantine?table=bronze.clickstream"), 200)
                        .get("rows")
                        .findValuesAsText("id"))
                .containsExactly("b", "a");
        JsonNode problem = json(server.get("/api/quarantine?table=bronze.clicks"), 400);
        assertThat(problem.get("detail").asText())
                .startsWith("There is no table 'bronze.clicks'. Use bronze.clickstream,");
        assertThat(json(server.get("/api/quarantine?tabel=x"), 400)
                        .get("allowed")
                        .toString())
                .isEqualTo("[\"table\",\"limit\",\"offset\"]");
    }

    @Test
    void health_is_up_while_every_table_can_be_read_and_says_which_cannot() throws Exception {
        orders(Instant.now());

        assertThat(json(server.get("/health"), 200).at("/details/lake").toString())
                .contains("\"status\":\"UP\"", "\"tables\":1");
        server.states().breakTable("gold.fact_orders");
        assertThat(json(server.get("/health"), 503).at("/details/lake").toString())
                .contains("\"status\":\"DOWN\"", "gold.fact_orders cannot be read: ");
    }

    private static void orders(Instant committed) {
        server.states()
                .put(
                        "gold.fact_orders",
                        committed,
                        List.of(
                                new TableColumn("amount", "c1", 1, "DECIMAL(18,2)"),
                                new TableColumn("_extra", "c2", 2, "VARCHAR")));
    }

    private static void quarantine() {
        orders(Instant.now());
        server.states().put("quarantine.bronze_clickstream", Instant.now(), List.of());
        server.states().put("quarantine.gold_fact_events", Instant.now(), List.of());
    }

    private static JsonNode json(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.statusCode()).describedAs(response.body()).isEqualTo(status);
        return new ObjectMapper().readTree(response.body());
    }
}
