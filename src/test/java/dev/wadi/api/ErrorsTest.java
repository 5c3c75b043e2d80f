package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ErrorsTest {
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
    void an_unknown_path_is_a_problem() throws Exception {
        JsonNode problem = problem(server.get("/api/nothing"), 404);

        assertThat(problem.get("title").asText()).isEqualTo("Not Found");
        assertThat(problem.get("detail").asText()).isEqualTo("There is nothing at /api/nothing. What there is: /docs.");
    }

    @Test
    void a_browser_gets_the_same_problem() throws Exception {
        problem(server.get("/nothing", "Accept", "text/html"), 404);
    }

    @Test
    void a_wrong_method_is_a_problem_that_says_the_right_ones() throws Exception {
        HttpResponse<String> response = server.send("DELETE", "/api/kpis");

        assertThat(problem(response, 405).get("detail").asText())
                .startsWith("/api/kpis does not take DELETE. Use ")
                .contains("GET");
        assertThat(response.headers().allValues("allow")).isNotEmpty();
    }

    @Test
    void a_broken_address_is_a_problem() throws Exception {
        HttpResponse<String> response = server.get("/api/kpis/orders?where=%zz".replace("%zz", "%25zz"));

        assertThat(problem(response, 400).get("parameter").asText()).isEqualTo("where");
    }

    @Test
    void an_error_inside_tells_nothing_of_the_inside() throws Exception {
        server.gold().run("ALTER TABLE gold.fact_events RENAME COLUMN events TO secret");

        JsonNode problem = problem(server.get("/api/kpis/events"), 500);

        assertThat(problem.get("detail").asText())
                .isEqualTo("GET /api/kpis/events failed inside the server. The log of the server has the cause.");
        assertThat(problem.toString()).doesNotContain("secret", "Binder", "fact_events", "Exception");
    }

    private static JsonNode problem(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(response.body());
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        return problem;
    }
}
