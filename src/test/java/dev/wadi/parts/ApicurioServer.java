package dev.wadi.parts;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An Apicurio schema registry, run as a process of the test on a free port of 127.0.0.1, with the API of Confluent's registry. The
 * build unpacks it into {@code target/parts/apicurio}. It keeps its schemas in memory: after {@link #kill} and {@link #launch}
 * they have to be registered again, and get the same ids in the same order.
 */
public final class ApicurioServer implements AutoCloseable {
    private static final Path UNPACKED = Path.of("target", "parts", "apicurio");
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final ServerProcess process = new ServerProcess("Apicurio");
    private final int port = FreePorts.one();

    private ApicurioServer() {}

    /** Starts a registry and returns when it answers. */
    public static ApicurioServer start() {
        ApicurioServer server = new ApicurioServer();
        server.launch();
        return server;
    }

    public String url() {
        return "http://127.0.0.1:%d/apis/ccompat/v7".formatted(port);
    }

    /** Returns the id of the schema. */
    public int register(String subject, String schema) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/subjects/" + subject + "/versions"))
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(Map.of("schema", schema))))
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(answer.body());
            }
            return json.readTree(answer.body()).get("id").asInt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public void kill() {
        process.kill();
    }

    /** Starts the registry, after {@link #kill} on the same port. */
    public void launch() {
        process.launch(
                JavaCommand.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        runner().toString()),
                this::askForSubjects);
    }

    private void askForSubjects() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + "/subjects")).build();
        int status =
                client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
            throw new IOException("it answers with " + status);
        }
    }

    @Override
    public void close() {
        process.close();
    }

    private static Path runner() {
        if (!Files.exists(UNPACKED)) {
            throw new IllegalStateException("no %s: run mvn process-test-resources".formatted(UNPACKED));
        }
        try (Stream<Path> files = Files.walk(UNPACKED)) {
            List<Path> runners = files.filter(
                            file -> file.getFileName().toString().endsWith("-runner.jar"))
                    .toList();
            return runners.getFirst().toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
