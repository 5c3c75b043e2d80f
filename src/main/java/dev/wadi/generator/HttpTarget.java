package dev.wadi.generator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** {@code POST /api/events/{stream}}, many events in a request. What does not fit is refused, the rest accepted. */
final class HttpTarget implements Target {
    private static final int EVENTS = 1_000;
    private static final int TRIES = 60;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI address;
    private final StringBuilder body = new StringBuilder();
    private int events;

    /** @param server such as {@code http://127.0.0.1:8080} */
    HttpTarget(String server, SyntheticStream stream) {
        this.address = URI.create("%s/api/events/%s?partial=true".formatted(server.replaceAll("/+$", ""), stream));
    }

    @Override
    public void send(String text) throws IOException {
        body.append(text).append('\n');
        if (++events == EVENTS) {
            finish();
        }
    }

    @Override
    public void finish() throws IOException {
        if (events > 0) {
            post();
            body.setLength(0);
            events = 0;
        }
    }

    private void post() throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-ndjson")
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        for (int tries = 1; ; tries++) {
            HttpResponse<String> answer = answer(request);
            int status = answer.statusCode();
            // 422: none of them fits
            if (status == 202 || status == 422) {
                check(answer);
                return;
            }
            if (status != 429 && status != 503 || tries == TRIES) {
                throw new IOException("%s answered %d: %s".formatted(address, status, answer.body()));
            }
            pause();
        }
    }

    private HttpResponse<String> answer(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            throw new IOException(
                    "%s does not answer (%s): start Wadi with `make run`, or say where it is with --at http://host:port"
                            .formatted(address, e),
                    e);
        }
    }

    private void check(HttpResponse<String> answer) throws IOException {
        JsonNode receipt = Truth.JSON.readTree(answer.body());
        long told = receipt.path("accepted").asLong() + receipt.path("refused").asLong();
        if (answer.statusCode() == 202 && told != events) {
            throw new IOException(
                    "%s was sent %d events and told of %d: %s".formatted(address, events, told, answer.body()));
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public boolean refuses() {
        return true;
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return "http";
    }
}
