package dev.wadi.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /api/routes}, over one route of the {@link SmallServer}. */
class RouteControllerTest {
    private static SmallServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new SmallServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void clear() {
        server.routes().clear();
    }

    @Test
    void aRouteTellsHowItIs() throws Exception {
        JsonNode all = json(server.get("/api/routes"), 200);
        assertThat(all.get("problem").isNull()).isTrue();
        assertThat(all.get("routes")).hasSize(1);
        JsonNode route = json(server.get("/api/routes/land-bookings"), 200);
        assertThat(all.get("routes").get(0)).isEqualTo(route);
        assertThat(route).hasToString("""
                {"id":"land-bookings","file":"routes/ingest/bookings.camel.yaml","line":3,"purpose":"Bookings land in bronze.",\
                "from":"rabbitmq://events?queue=events.bookings","state":"started","counts":{"total":17,"failed":1,"inflight":2},\
                "lag":{"waiting":5,"unit":"messages"},"lastError":{"message":"the disk is full","at":"1970-01-01T00:00:00Z"},\
                "version":"0123456789ab",\
                "link":"/api/routes/land-bookings"}""");
    }

    @Test
    void whatIsWrongWithTheFilesIsTold() throws Exception {
        server.routes().refuse("routes/a.camel.yaml:3: there is no component 'dleta': write delta:");
        JsonNode problem = json(server.get("/api/routes"), 200).get("problem");
        assertThat(problem.at("/mistakes/0").asText()).startsWith("routes/a.camel.yaml:3: ");
        assertThat(problem.get("since").asText()).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void aRouteIsStoppedAndStarted() throws Exception {
        assertThat(json(server.send("POST", "/api/routes/land-bookings/stop"), 200)
                        .get("state")
                        .asText())
                .isEqualTo("stopped");
        assertThat(json(server.send("POST", "/api/routes/land-bookings/start"), 200)
                        .get("state")
                        .asText())
                .isEqualTo("started");
    }

    @Test
    void aRouteThatDoesNotStartSaysWhy() throws Exception {
        server.routes().keepFromStarting();
        JsonNode problem = json(server.send("POST", "/api/routes/land-bookings/start"), 409);
        assertThat(problem.get("title").asText()).isEqualTo("Route does not start");
        assertThat(problem.get("detail").asText())
                .isEqualTo("The route 'land-bookings' does not start: the queue is gone");
    }

    @Test
    void anUnknownRouteIsAProblemThatNamesThoseThereAre() throws Exception {
        for (HttpResponse<String> response : List.of(
                server.get("/api/routes/none"),
                server.send("POST", "/api/routes/none/stop"),
                server.send("POST", "/api/routes/none/start"))) {
            JsonNode problem = json(response, 404);
            assertThat(problem.get("detail").asText()).isEqualTo("There is no route 'none'. There are: land-bookings.");
            assertThat(problem.at("/known/0").asText()).isEqualTo("land-bookings");
        }
    }

    private static JsonNode json(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return new ObjectMapper().readTree(response.body());
    }
}
