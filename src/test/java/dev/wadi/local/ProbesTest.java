package dev.wadi.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole Wadi in a process of its own, asked as an orchestrator asks. */
class ProbesTest {
    private static final int GONE = 0;

    @TempDir
    Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @Test
    void readyIsRedWhileTheDoorsStillAnswerAndThenItEndsWell() throws Exception {
        Settings settings = FreePorts.settings(folder);
        Process wadi = Child.start("dev.wadi.Application", settings, Map.of("WADI_STOP_DELAY", "4s"));
        try {
            // what nobody reads would stop it when the pipe is full
            Thread.ofVirtual().start(() -> drain(wadi));
            awaitReady(wadi, settings);
            assertThat(status(settings, "/livez")).isEqualTo(200);
            assertThat(get(settings, "/readyz").body()).isEqualTo("{\"status\":\"ready\"}");

            wadi.destroy();

            int ready = 200;
            while (ready == 200) {
                ready = status(settings, "/readyz");
                Thread.sleep(20);
            }
            assertThat(ready).describedAs("red before the door is closed").isEqualTo(503);
            assertThat(status(settings, "/livez")).isEqualTo(200);
            assertThat(status(settings, "/api/kpis"))
                    .describedAs("whoever still comes is answered")
                    .isEqualTo(200);
            assertThat(Child.end(wadi)).isZero();
        } finally {
            wadi.destroyForcibly();
        }
    }

    private void awaitReady(Process wadi, Settings settings) throws InterruptedException {
        while (status(settings, "/readyz") != 200) {
            assertThat(wadi.isAlive()).describedAs("it runs").isTrue();
            Thread.sleep(100);
        }
    }

    private static void drain(Process process) {
        try {
            process.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // it has ended
        }
    }

    /** {@link #GONE} when nobody answers. */
    private int status(Settings settings, String path) throws InterruptedException {
        try {
            return get(settings, path).statusCode();
        } catch (IOException e) {
            return GONE;
        }
    }

    private HttpResponse<String> get(Settings settings, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(
                                URI.create("http://%s:%d%s".formatted(Ports.LOOPBACK, settings.httpPort(), path)))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
