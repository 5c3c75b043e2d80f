package dev.wadi.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Asks {@code /health} until it says UP, as anyone outside would. */
final class Readiness {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final URI health;
    private final Duration patience;

    /** @param address of the HTTP server, without a path */
    Readiness(String address, Duration patience) {
        this.health = URI.create(address + "/health");
        this.patience = patience;
    }

    /**
     * Returns when {@code /health} is UP, or when {@code givenUp} says so.
     *
     * @throws StartException when it is not UP in time; the message names what is down
     */
    void await(BooleanSupplier givenUp) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        String last = "it has not answered";
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            while (!givenUp.getAsBoolean()) {
                try {
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(health)
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == 200 && isUp(answer.body())) {
                        return;
                    }
                    last = complaint(answer.statusCode(), answer.body());
                } catch (IOException e) {
                    last = "it does not answer (%s)".formatted(e);
                }
                if (System.nanoTime() > deadline) {
                    throw new StartException(
                            "Wadi was not ready within %d s, by %s: %s.".formatted(patience.toSeconds(), health, last));
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private static boolean isUp(String body) throws JsonProcessingException {
        return "UP".equals(new ObjectMapper().readTree(body).path("status").asText());
    }

    /** What keeps {@code body} from being UP, each part with its status and details. */
    static String complaint(int status, String body) {
        List<String> parts = new ArrayList<>();
        try {
            JsonNode details = new ObjectMapper().readTree(body).path("details");
            for (Map.Entry<String, JsonNode> part : details.properties()) {
                String state = part.getValue().path("status").asText();
                if (!state.equals("UP")) {
                    parts.add("%s is %s %s"
                            .formatted(part.getKey(), state, part.getValue().path("details"))
                            .strip());
                }
            }
        } catch (JsonProcessingException notHealth) {
            return "it answers %d and no health".formatted(status);
        }
        return parts.isEmpty() ? "it answers %d and names no part".formatted(status) : String.join("; ", parts);
    }
}
