package dev.wadi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path folder;

    @Test
    void freePortsPass() throws Exception {
        Settings settings = FreePorts.settings(folder);
        assertThatCode(() -> Ports.check(settings)).doesNotThrowAnyException();
    }

    @Test
    void everyTakenPortIsOneSentenceWithPortSettingAndCure() throws Exception {
        try (ServerSocket http = taken();
                ServerSocket amqp = taken();
                ServerSocket postgres = taken()) {
            Settings settings =
                    FreePorts.settings(folder, http.getLocalPort(), amqp.getLocalPort(), postgres.getLocalPort());
            assertThatThrownBy(() -> Ports.check(settings))
                    .isInstanceOf(StartException.class)
                    .hasMessage("""
                            Port %d is taken, so the HTTP server cannot start: free it, or set WADI_HTTP_PORT to another port.
                            Port %d is taken, so the embedded AMQP broker cannot start: free it, or set WADI_AMQP_PORT to another port, or RABBITMQ_URI to a broker that runs already.
                            Port %d is taken, so the embedded PostgreSQL cannot start: free it, or set WADI_POSTGRES_PORT to another port, or JDBC_URL to a PostgreSQL that runs already.""".formatted(http.getLocalPort(), amqp.getLocalPort(), postgres.getLocalPort()));
        }
    }

    @Test
    void aTakenPortOfTheBlobStoreIsASentenceToo() throws Exception {
        try (ServerSocket blobs = taken()) {
            Settings settings = FreePorts.withBlobs(FreePorts.settings(folder), blobs.getLocalPort());
            assertThatThrownBy(() -> LocalEnvironment.start(
                            settings, new Progress(new PrintStream(new ByteArrayOutputStream()))))
                    .isInstanceOf(StartException.class)
                    .hasMessage(
                            "Port %d is taken, so the embedded blob store cannot start: free it, or set WADI_BLOB_PORT to another port, or WADI_BLOB_EMBEDDED to false.",
                            blobs.getLocalPort());
        }
    }

    @Test
    void theApplicationSaysTheSentenceAndEndsWithOne() throws Exception {
        try (ServerSocket amqp = taken()) {
            Settings free = FreePorts.settings(folder);
            Process wadi = Child.start(
                    "dev.wadi.Application",
                    FreePorts.settings(folder, free.httpPort(), amqp.getLocalPort(), free.postgresPort()));
            assertThat(Child.end(wadi)).isEqualTo(1);
            assertThat(wadi.errorReader().lines())
                    .containsExactly(
                            "Port %d is taken, so the embedded AMQP broker cannot start: free it, or set WADI_AMQP_PORT to another port, or RABBITMQ_URI to a broker that runs already."
                                    .formatted(amqp.getLocalPort()));
            assertThat(folder.resolve("postgres")).doesNotExist();
            assertThat(folder.resolve("broker")).doesNotExist();
        }
    }

    private static ServerSocket taken() throws Exception {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
