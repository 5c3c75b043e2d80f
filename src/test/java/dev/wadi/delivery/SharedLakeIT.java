package dev.wadi.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wadi.parts.Await;
import dev.wadi.parts.PostgresDatabase;
import dev.wadi.parts.RabbitMqServer;
import dev.wadi.proof.Http;
import dev.wadi.proof.WadiProcess;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three pods of a shared lake as processes of one machine: two doors and the one for the work, with the environment and the
 * ConfigMaps that the chart gives them, on one folder. What is not tried is a network file system.
 */
class SharedLakeIT {
    private static final int EVENTS = 300;

    @TempDir
    Path folder;

    private final Rendered rendered = Rendered.with(
            List.of("values-prod.yaml"),
            Map.of("blob.existingSecret", "", "duckdb.memory", "512MB", "duckdb.threads", 1));

    @Test
    @Timeout(600)
    void doorsTakeAndAnswerOneDoesTheWorkAndAllFollowTheirConfigMaps() throws Exception {
        mount("rel-wadi-ingest", "routes/ingest", Map.of());
        mount("rel-wadi-transform", "routes/transform", Map.of());
        mount("rel-wadi-tables", "schemas/tables", Map.of());
        mount("rel-wadi-kpis", "schemas/kpis", Map.of());
        mount("rel-wadi-seeds", "schemas/seeds", Map.of());
        PodSpec doors = rendered.pods().get(0);
        PodSpec work = rendered.pods().get(1);
        try (RabbitMqServer rabbit = RabbitMqServer.start();
                PostgresDatabase postgres = new PostgresDatabase(folder.resolve("pg"))) {
            postgres.makeSourceTables();
            try (WadiProcess one = pod("one", doors, rabbit, postgres);
                    WadiProcess other = pod("other", doors, rabbit, postgres);
                    WadiProcess worker = pod("worker", work, rabbit, postgres)) {
                one.start();
                other.start();
                worker.start();
                assertThat(states(one))
                        .describedAs("a door takes from queues")
                        .containsEntry("land-clickstream", "started")
                        .containsEntry("publish-http-events", "started")
                        .containsEntry("clean-clickstream", "stopped")
                        .containsEntry("capture-shop", "stopped");
                assertThat(states(worker))
                        .containsEntry("clean-clickstream", "started")
                        .containsEntry("capture-shop", "started");

                for (int i = 0; i < EVENTS; i++) {
                    post(i % 2 == 0 ? one : other, i);
                }
                Await.until(
                        "both doors answer with all of them", () -> events(one) == EVENTS && events(other) == EVENTS);

                mount("rel-wadi-kpis", "schemas/kpis", Map.of("title: Events", "title: Deeds"));
                Await.until(
                        "both doors have the edited KPI",
                        () -> title(one).equals("Deeds") && title(other).equals("Deeds"));

                one.stop();
                for (int i = 0; i < EVENTS; i++) {
                    post(other, EVENTS / 2 + i);
                }
                Await.until("what was sent twice counts once", () -> events(other) == EVENTS * 3 / 2);
                assertThat(other.http().get("/health").status()).isEqualTo(200);
                assertThat(worker.http().get("/health").status()).isEqualTo(200);
            }
        }
    }

    /** The process that a pod would run, with a data folder and ports of its own. */
    private WadiProcess pod(String name, PodSpec pod, RabbitMqServer rabbit, PostgresDatabase postgres) {
        Map<String, String> environment = new TreeMap<>(Rendered.environment(pod));
        environment.keySet().removeAll(List.of("WADI_HTTP_PORT", "WADI_DATA_DIR"));
        environment.put("WADI_HTTP_HOST", "127.0.0.1");
        environment.replace("WADI_LAKE", folder.resolve("lake").toString());
        environment.replace("WADI_ROUTES_DIR", folder.resolve("routes").toString());
        environment.replace("WADI_SCHEMAS_DIR", folder.resolve("schemas").toString());
        environment.replace("RABBITMQ_URI", "secret wadi-rabbitmq/uri", rabbit.uri());
        environment.replace("JDBC_URL", "secret wadi-postgres/jdbc-url", postgres.jdbcUrl());
        return new WadiProcess(folder.resolve(name), environment);
    }

    /** @param edits text to write in place of another, in all files */
    private void mount(String map, String place, Map<String, String> edits) throws Exception {
        Map<String, String> files =
                new HashMap<>(rendered.one(ConfigMap.class, map).getData());
        edits.forEach((text, other) -> files.replaceAll((name, content) -> content.replace(text, other)));
        Rendered.mount(files, folder.resolve(place));
    }

    private static void post(WadiProcess door, int number) throws Exception {
        String event = """
                {"event_id":"e%d","user_id":"u%d","session_id":"s1","action":"search","event_time":"2026-11-20T10:00:00Z"}""".formatted(number, number % 7);
        Http.Answer answer =
                door.http().post("/api/events/clickstream", "application/json", event.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status()).describedAs(answer.body()).isEqualTo(202);
    }

    private static long events(WadiProcess door) throws Exception {
        return door.http().get("/api/kpis/events").json().at("/rows/0/value").asLong();
    }

    private static String title(WadiProcess door) throws Exception {
        return door.http().get("/api/kpis/events").json().path("title").asText();
    }

    private static Map<String, String> states(WadiProcess pod) throws Exception {
        Map<String, String> states = new TreeMap<>();
        for (JsonNode route :
                Objects.requireNonNull(pod.http().get("/api/routes").json()).path("routes")) {
            states.put(route.path("id").asText(), route.path("state").asText());
        }
        return states;
    }
}
