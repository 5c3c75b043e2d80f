package dev.wadi.parts;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An Apicurio schema registry, run as a process of the test on a free port of 127.0.0.1, with the API of Confluent's registry. The
 * build unpacks it into {@code target/parts/apicurio}. It keeps its schemas in memory: after {@link #kill} and {@link #launch}
 * they have to be registered again, and get the same ids in the same order.
 */
public final class ApicurioServer implements AutoCloseable {
    private static final Path UNPACKED = Path.of("target", "parts", "apicurio");
    private static final Duration START = Duration.ofSeconds(120);

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Path folder;
    private final int port;
    private @Nullable Process server;

    private ApicurioServer(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            this.port = socket.getLocalPort();
        }
    }

    /** Starts a registry and returns when it answers. */
    public static ApicurioServer start() {
        try {
            ApicurioServer server = new ApicurioServer(Files.createTempDirectory("wadi-apicurio"));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            server.launch();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        Process running = server;
        server = null;
        if (running != null) {
            running.destroyForcibly();
            running.onExit().join();
        }
    }

    /** Starts the registry, after {@link #kill} on the same port. */
    public void launch() {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dquarkus.http.host=127.0.0.1",
                    "-Dquarkus.http.port=" + port,
                    "-jar",
                    runner().toString());
            builder.directory(folder.toFile());
            builder.redirectErrorStream(true);
            builder.redirectOutput(folder.resolve("server.out").toFile());
            Process started = builder.start();
            server = started;
            await(started);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // The folder is gone: closed before.
        }
    }

    private static Path runner() throws IOException {
        if (!Files.exists(UNPACKED)) {
            throw new IllegalStateException("no %s: run mvn process-test-resources".formatted(UNPACKED));
        }
        try (Stream<Path> files = Files.walk(UNPACKED)) {
            List<Path> runners = files.filter(
                            file -> file.getFileName().toString().endsWith("-runner.jar"))
                    .toList();
            return runners.getFirst().toAbsolutePath();
        }
    }

    private void await(Process process) throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url() + "/subjects")).build();
        while (true) {
            try {
                if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
                Thread.sleep(100);
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    String said = Files.readString(folder.resolve("server.out"));
                    close();
                    throw new IllegalStateException("Apicurio did not start: " + said, e);
                }
                sleep();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
