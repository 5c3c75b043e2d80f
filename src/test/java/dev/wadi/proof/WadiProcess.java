package dev.wadi.proof;

import dev.wadi.parts.FreePorts;
import dev.wadi.parts.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The packaged app, running as a process of its own with ports and data of its own. Starting it again after {@link #kill}
 * finds the same data and the same ports. Not thread-safe, except for reading the addresses.
 */
public final class WadiProcess implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(120);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

    private final Path folder;
    private final Map<String, String> environment;
    private final int httpPort;
    private final int amqpPort;
    private final Http http;
    private final List<ProcessHandle> orphans = new ArrayList<>();
    private @Nullable Process process;
    private int starts;

    /**
     * @param folder data and logs go below it
     * @param more environment variables on top of ports and folders; RABBITMQ_URI and JDBC_URL among them switch the
     *     embedded parts off. The blob store is off unless they say otherwise
     */
    public WadiProcess(Path folder, Map<String, String> more) {
        this.folder = folder;
        List<Integer> ports = FreePorts.many(3);
        httpPort = ports.get(0);
        amqpPort = ports.get(1);
        environment = new TreeMap<>();
        environment.put("WADI_HTTP_PORT", Integer.toString(httpPort));
        environment.put("WADI_AMQP_PORT", Integer.toString(amqpPort));
        environment.put("WADI_POSTGRES_PORT", Integer.toString(ports.get(2)));
        environment.put("WADI_BLOB_EMBEDDED", "false");
        environment.put("WADI_DATA_DIR", folder.resolve("data").toString());
        environment.put("WADI_ROUTES_DIR", Path.of("routes").toAbsolutePath().toString());
        environment.put("WADI_SCHEMAS_DIR", Path.of("schemas").toAbsolutePath().toString());
        environment.putAll(more);
        http = new Http(URI.create("http://127.0.0.1:" + httpPort));
    }

    /** The settings that it runs with, for commands that are to find it. */
    public Map<String, String> settings() {
        return Map.copyOf(environment);
    }

    /** Starts the process, with the memory that {@code make run} gives it, and returns without waiting until it is ready. */
    public void launch() throws IOException {
        Path jar = Path.of("target", "wadi.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalStateException(
                    "there is no " + jar + ": these tests run the packaged app; build it with `mvn package` first");
        }
        Files.createDirectories(folder);
        ProcessBuilder builder = JavaCommand.of(
                "-Xmx1g",
                "-XX:MaxDirectMemorySize=512m",
                "-XX:+UseG1GC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                jar.toString());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("WADI_")
                        || name.equals("RABBITMQ_URI")
                        || name.equals("JDBC_URL")
                        || name.equals("KAFKA_BOOTSTRAP_SERVERS")
                        || name.equals("AZURE_STORAGE_CONNECTION_STRING"));
        builder.environment().putAll(environment);
        builder.directory(folder.toFile());
        builder.redirectErrorStream(true);
        starts++;
        builder.redirectOutput(log().toFile());
        process = builder.start();
    }

    /** Starts the process and waits until /health is UP. */
    public void start() throws IOException, InterruptedException {
        launch();
        awaitReady();
    }

    /** Waits until /health is UP. */
    public void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            if (!running().isAlive()) {
                throw new IllegalStateException(
                        "the app ended with " + running().exitValue() + " before it was ready:\n" + tail());
            }
            if (healthy()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("the app was not ready within " + READY_WITHIN + ":\n" + tail());
    }

    private boolean healthy() throws InterruptedException {
        try {
            Http.Answer health = http.get("/health");
            return health.status() == 200
                    && health.json().path("status").asText().equals("UP");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** kill -9: no hook runs, nothing is flushed. Its children outlive it. */
    public void kill() throws InterruptedException {
        running().descendants().forEach(orphans::add);
        running().destroyForcibly();
        running().waitFor();
    }

    /**
     * Asks the process to stop, as Ctrl-C does, and waits for its end.
     *
     * @return how long it took
     */
    public Duration stop() throws InterruptedException {
        running().descendants().forEach(orphans::add);
        long before = System.nanoTime();
        running().destroy();
        if (!running().waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("the app did not stop within " + STOP_WITHIN + ":\n" + tail());
        }
        return Duration.ofNanos(System.nanoTime() - before);
    }

    /** How the newest process ended. */
    public int exitValue() {
        return running().exitValue();
    }

    /** Ends whatever of it still runs. */
    @Override
    public void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            kill();
        }
        orphans.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    public Http http() {
        return http;
    }

    public int httpPort() {
        return httpPort;
    }

    /** Where the embedded broker listens. */
    public String embeddedAmqp() {
        return "amqp://guest:guest@127.0.0.1:" + amqpPort;
    }

    public long pid() {
        return running().pid();
    }

    public boolean alive() {
        return process != null && process.isAlive();
    }

    public Path lake() {
        return folder.resolve("data").resolve("lake");
    }

    /** What the newest process said, at most its last 6,000 characters. */
    public String tail() {
        try {
            String all = Files.readString(log(), StandardCharsets.UTF_8);
            return all.substring(Math.max(0, all.length() - 6_000));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private Path log() {
        return folder.resolve("wadi-" + starts + ".log");
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("the app was never started");
        }
        return process;
    }
}
