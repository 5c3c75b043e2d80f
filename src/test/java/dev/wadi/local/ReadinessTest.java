package dev.wadi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final String UP = "{\"status\":\"UP\"}";
    private static final String DOWN =
            "{\"status\":\"DOWN\",\"details\":{\"lake\":{\"status\":\"UP\"},\"postgres\":{\"status\":\"DOWN\",\"details\":{\"error\":\"refused\"}}}}";

    @Test
    void itWaitsUntilHealthIsUp() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/health", exchange -> {
            boolean up = asked.incrementAndGet() > 2;
            byte[] body = (up ? UP : DOWN).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(up ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
        try {
            Readiness readiness = new Readiness(
                    "http://%s:%d".formatted(Ports.LOOPBACK, http.getAddress().getPort()), Duration.ofSeconds(20));
            assertThatCode(() -> readiness.await(() -> false)).doesNotThrowAnyException();
            assertThat(asked).hasValue(3);
        } finally {
            http.stop(0);
        }
    }

    @Test
    void theComplaintNamesWhatIsDown() {
        assertThat(Readiness.complaint(503, DOWN)).isEqualTo("postgres is DOWN {\"error\":\"refused\"}");
        assertThat(Readiness.complaint(404, "nothing here")).isEqualTo("it answers 404 and no health");
    }

    @Test
    void nobodyAnsweringIsSaidAfterThePatienceHasEnded() throws Exception {
        String address = "http://127.0.0.1:"
                + FreePorts.settings(java.nio.file.Path.of("x")).httpPort();
        assertThatThrownBy(() -> new Readiness(address, Duration.ofMillis(300)).await(() -> false))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(address + "/health")
                .hasMessageContaining("does not answer");
    }

    @Test
    void anAddressIsShownWithoutItsSecrets() {
        assertThat(Welcome.withoutSecrets("amqp://me:secret@host:5672/v")).isEqualTo("amqp://host:5672/v");
        assertThat(Welcome.withoutSecrets("jdbc:postgresql://host/x?user=me&password=secret"))
                .isEqualTo("jdbc:postgresql://host/x");
    }
}
