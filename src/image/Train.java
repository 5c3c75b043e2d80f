import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The training run of an image: starts Wadi with its embedded parts, sends events, asks for KPIs, and stops it as an operator would. Java then writes down which classes it had loaded and linked ({@code -XX:AOTCacheOutput}).
 *
 * <p>Arguments: the folder with {@code wadi.jar} and {@code java.options}, and the cache to write. A program of its own because the image
 * has nothing else that could do it on every processor.
 */
public final class Train {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String HTTP = "http://127.0.0.1:8080";
    private static final String CLICK = """
            {"event_id":"train-%1$d","user_id":"u%1$d","session_id":"s1","action":"purchase","product_id":"p1","event_time":"2026-01-01T10:00:00Z"}
            """;
    private static final String BOOKING = """
            {"booking_id":"train-%1$d","agency_id":"a1","agency_name":"A","customer":{"id":"c1","name":"Ada","country":"SE","segment":"leisure"},\
            "product":{"id":"p1","name":"P","type":"flight","destination":"Rome"},"quantity":2,"unit_price":120.50,"currency":"EUR",\
            "amount":241.00,"status":"created","booked_at":"2026-01-01T09:00:00Z","travel_date":"2026-02-01","updated_at":"2026-01-01T09:00:%2$02dZ"}
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process wadi;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();

    private Train(Process wadi) {
        this.wadi = wadi;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path program = Path.of(arguments[0]);
        Path cache = Path.of(arguments[1]);
        Path data = Files.createTempDirectory("wadi-train");
        ProcessBuilder builder = new ProcessBuilder(command(program, cache)).inheritIO();
        builder.environment().put("WADI_DATA_DIR", data.toString());
        builder.environment().put("WADI_HTTP_HOST", "127.0.0.1");
        builder.environment().put("WADI_BLOB_EMBEDDED", "false");
        if (!System.getProperty("os.arch").equals("amd64")) {
            // The embedded PostgreSQL is for that processor only. Nobody listens here, and the rest runs without a database.
            builder.environment().put("JDBC_URL", "jdbc:postgresql://127.0.0.1:1/none?user=none");
        }
        Process wadi = builder.start();
        try {
            new Train(wadi).train();
        } catch (IOException | IllegalStateException e) {
            if (wadi.isAlive()) {
                throw e;
            }
            // When it is not ready after a minute Wadi gives up, as on an emulated processor or without a database.
            System.out.println("Wadi has ended before the training did, so the cache knows less: " + e.getMessage());
        } finally {
            wadi.destroy();
            if (!wadi.waitFor(PATIENCE.toMinutes(), TimeUnit.MINUTES)) {
                wadi.destroyForcibly();
            }
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("Wadi has run, but there is no " + cache);
        }
        System.out.printf("%s has %d MB%n", cache, Files.size(cache) >> 20);
    }

    /** As the image runs Wadi, but that the cache is written instead of read. */
    private static List<String> command(Path program, Path cache) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String option : Files.readAllLines(program.resolve("java.options"))) {
            if (!option.isBlank() && !option.startsWith("#") && !option.startsWith("-XX:AOTCache=")) {
                command.add(option);
            }
        }
        command.add("-XX:AOTCacheOutput=" + cache);
        command.add("-jar");
        command.add(program.resolve("wadi.jar").toString());
        return command;
    }

    private void train() throws IOException, InterruptedException {
        // not health, which is never UP without a database
        await("/api/kpis", "\"kpis\"");
        for (int round = 0; round < 5; round++) {
            post("clickstream", CLICK.formatted(round));
            post("bookings", BOOKING.formatted(round % 2, round));
        }
        await("/api/kpis/events", "\"value\":5");
        await("/api/kpis/revenue?grain=day&by=product_type", "241");
        for (String path : List.of("/health", "/prometheus", "/api/tables", "/api/routes", "/api/quarantine", "/openapi", "/docs")) {
            get(path);
        }
    }

    private void post(String stream, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(HTTP + "/api/events/" + stream))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        int status = client.send(request, BodyHandlers.discarding()).statusCode();
        if (status != 202) {
            throw new IllegalStateException("an event for " + stream + " was answered with " + status);
        }
    }

    private String get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(HTTP + path)).build(), BodyHandlers.ofString())
                .body();
    }

    private void await(String path, String word) throws InterruptedException {
        String last = "";
        while (System.nanoTime() < deadline && wadi.isAlive()) {
            try {
                last = get(path);
                if (last.contains(word)) {
                    return;
                }
            } catch (IOException notYet) {
                last = notYet.toString();
            }
            Thread.sleep(200);
        }
        throw new IllegalStateException("%s does not hold %s: %s".formatted(path, word, last));
    }
}
