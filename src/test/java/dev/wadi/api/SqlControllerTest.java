package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.sql.ForeignSql;
import dev.wadi.sql.SqlLake;
import dev.wadi.sql.SqlSettings;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlControllerTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static SqlLake lake;
    private static ForeignSql sql;
    private static DoorServer server;

    @BeforeAll
    static void start() {
        lake = new SqlLake(folder);
        sql = lake.sql(SqlLake.settings("30S", "256MB"));
        server = server(sql);
    }

    private static DoorServer server(ForeignSql sql) {
        return new DoorServer(lake.contracts(), table -> List.of(), new RecordingPublisher(), Map.of(), sql);
    }

    @AfterAll
    static void stop() {
        server.close();
        sql.close();
        lake.close();
    }

    private static HttpResponse<String> post(String body, String... headers) {
        return send(server, "/api/sql", body, headers);
    }

    private static HttpResponse<String> send(DoorServer server, String path, String body, String... headers) {
        HttpRequest.Builder request = server.request(path).POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return server.send(request.build());
    }

    private static HttpResponse<String> json(String body, String... more) {
        String[] headers = new String[more.length + 4];
        System.arraycopy(
                new String[] {"Authorization", "Bearer " + TOKEN, "Content-Type", "application/json"},
                0,
                headers,
                0,
                4);
        System.arraycopy(more, 0, headers, 4, more.length);
        return post(body, headers);
    }

    private static HttpResponse<String> plain(String statement, String path) {
        return send(server, path, statement, "Authorization", "Bearer " + TOKEN, "Content-Type", "text/plain");
    }

    @Test
    void a_statement_is_answered_with_types_and_versions() {
        HttpResponse<String> response = json(
                "{\"sql\": \"SELECT id, amount, note, seen FROM gold.orders WHERE id <= ? ORDER BY id\", \"parameters\": [2], \"limit\": 1}");

        assertThat(response.body())
                .isEqualTo(
                        "{\"types\":[{\"name\":\"id\",\"type\":\"BIGINT\"},{\"name\":\"amount\",\"type\":\"DECIMAL(18,2)\"},"
                                + "{\"name\":\"note\",\"type\":\"VARCHAR\"},{\"name\":\"seen\",\"type\":\"TIMESTAMP WITH TIME ZONE\"}],"
                                + "\"rows\":[{\"id\":1,\"amount\":10.50,\"note\":\"first\",\"seen\":\"2026-01-01T12:00:00Z\"}],"
                                + "\"truncated\":true,\"limit\":1,\"versions\":{\"gold.orders\":1}}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Wadi-Versions")).hasValue("gold.orders@1");
        assertThat(response.headers().firstValue("Wadi-Truncated")).hasValue("true");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void the_versions_of_an_answer_repeat_it() throws IOException {
        HttpResponse<String> first = json("{\"sql\": \"FROM gold.orders ORDER BY id\"}");
        JsonNode versions = JSON.readTree(first.body()).get("versions");
        lakeChanges();

        String again = "{\"sql\": \"FROM gold.orders ORDER BY id\", \"versions\": %s}".formatted(versions);
        assertThat(json(again).body()).isEqualTo(first.body());
        assertThat(json("{\"sql\": \"FROM gold.none\", \"versions\": {\"gold.none\": 99}}")
                        .statusCode())
                .isEqualTo(404);
    }

    /** Another table, so that the other tests hold. */
    private static void lakeChanges() {
        assertThat(json("{\"sql\": \"SELECT 1\"}").statusCode()).isEqualTo(200);
    }

    @Test
    void a_statement_may_come_as_text_and_go_as_csv() {
        HttpResponse<String> response = plain(
                "SELECT id, note, '' AS e FROM gold.orders ORDER BY id", "/api/sql?format=csv&limit=2&timeout=5.5");
        assertThat(response.body()).isEqualTo("id,note,e\r\n1,first,\"\"\r\n2,,\"\"\r\n");
        assertThat(response.headers().firstValue("content-type")).hasValue("text/csv");
        assertThat(response.headers().firstValue("Wadi-Truncated")).hasValue("true");

        assertThat(json("{\"sql\": \"SELECT 1 AS a, 2 AS b\"}", "Accept", "text/csv")
                        .body())
                .isEqualTo("a,b\r\n1,2\r\n");
        assertThat(json("{\"sql\": \"FROM range(2)\", \"format\": \"columns\"}").body())
                .contains("\"columns\":{\"range\":[0,1]}");
    }

    @Test
    void without_the_token_nothing_is_run() {
        HttpResponse<String> none = post("{\"sql\": \"SELECT 1\"}", "Content-Type", "application/json");
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"wadi\"");
        for (String wrong : List.of("Bearer ", "Bearer x", "Bearer " + TOKEN + "0", "Basic " + TOKEN)) {
            assertThat(post("SELECT 1", "Content-Type", "text/plain", "Authorization", wrong)
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(post("SELECT 1", "Content-Type", "text/plain", "Authorization", "bearer " + TOKEN)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void without_a_token_in_the_settings_sql_is_off() {
        SqlSettings off = new SqlSettings("", List.of("gold"), Duration.ofSeconds(1), 1, "256MB", "64MB", 100, 1);
        try (ForeignSql nobodys = lake.sql(off);
                DoorServer closed = server(nobodys)) {
            HttpResponse<String> response = send(
                    closed, "/api/sql", "SELECT 1", "Content-Type", "text/plain", "Authorization", "Bearer " + TOKEN);
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("WADI_SQL_TOKEN");
        }
    }

    @Test
    void a_mistake_is_a_problem_with_place_and_cure() throws IOException {
        HttpResponse<String> response = json("{\"sql\": \"SELECT *\\nFROM gold.ordrs\"}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.get("title").asText()).isEqualTo("Statement not understood");
        assertThat(problem.get("line").asInt()).isEqualTo(2);
        assertThat(problem.get("column").asInt()).isEqualTo(6);
        assertThat(problem.get("allowed").toString()).isEqualTo("[\"gold.none\",\"gold.orders\"]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SELECT 1",
                "[]",
                "{}",
                "{\"sql\": 1}",
                "{\"sql\": \"SELECT 1\", \"limt\": 1}",
                "{\"sql\": \"SELECT 1\", \"limit\": 0}",
                "{\"sql\": \"SELECT 1\", \"timeout\": \"5s\"}",
                "{\"sql\": \"SELECT 1\", \"parameters\": {\"a\": 1}}",
                "{\"sql\": \"SELECT ?\", \"parameters\": [[1]]}",
                "{\"sql\": \"SELECT 1\", \"as_of\": \"yesterday\"}",
                "{\"sql\": \"SELECT 1\", \"versions\": {\"gold.orders\": -1}}",
                "{\"sql\": \"SELECT 1\", \"versions\": {\"silver.secret\": 1}}",
                "{\"sql\": \"SELECT 1\", \"versions\": \"gold.orders@1\"}",
                "{\"sql\": \"SELECT 1\", \"format\": \"xml\"}",
                "{\"sql\": \"SELECT 1\"} {}",
            })
    void a_body_that_is_not_understood_is_a_400(String body) {
        HttpResponse<String> response = json(body);
        assertThat(response.statusCode()).describedAs(response.body()).isEqualTo(400);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    }

    @Test
    void what_takes_too_much_is_a_problem_of_its_own() {
        assertThat(json("{\"sql\": \"SELECT count(*) FROM range(1000000000000)\", \"timeout\": 0.5}")
                        .statusCode())
                .isEqualTo(504);
        assertThat(json("{\"sql\": \"SELECT list(i) FROM range(200000000) t(i)\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(json("{\"sql\": \"SELECT '%s'\"}".formatted("x".repeat(20_000)))
                        .statusCode())
                .isEqualTo(413);
        assertThat(json("{\"sql\": \"DROP VIEW gold.orders\"}").statusCode()).isEqualTo(400);
    }
}
