package dev.wadi.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings on ports that nobody listens on. */
final class FreePorts {
    private FreePorts() {}

    static Settings settings(Path data) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return settings(
                data,
                sockets.get(0).getLocalPort(),
                sockets.get(1).getLocalPort(),
                sockets.get(2).getLocalPort());
    }

    /** With the embedded Kafka broker, too. */
    static Settings withKafka(Path data) throws IOException {
        try (ServerSocket kafka = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Settings without = settings(data);
            return settings(
                    data, without.httpPort(), without.amqpPort(), without.postgresPort(), true, kafka.getLocalPort());
        }
    }

    /** With the embedded blob store, too. */
    static Settings withBlobs(Path data) throws IOException {
        try (ServerSocket blobs = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return withBlobs(settings(data), blobs.getLocalPort());
        }
    }

    static Settings withBlobs(Settings settings, int port) {
        return settings(
                settings.dataDir(),
                settings.httpPort(),
                settings.amqpPort(),
                settings.postgresPort(),
                false,
                1,
                new Settings.Blobs(true, port, "wadi", Optional.empty()));
    }

    static Settings settings(Path data, int http, int amqp, int postgres) {
        return settings(data, http, amqp, postgres, false, 1);
    }

    private static Settings settings(
            Path data, int http, int amqp, int postgres, boolean kafkaEmbedded, int kafkaPort) {
        return settings(
                data,
                http,
                amqp,
                postgres,
                kafkaEmbedded,
                kafkaPort,
                new Settings.Blobs(false, 2, "wadi", Optional.empty()));
    }

    private static Settings settings(
            Path data, int http, int amqp, int postgres, boolean kafkaEmbedded, int kafkaPort, Settings.Blobs blobs) {
        return new Settings(
                Ports.LOOPBACK,
                http,
                amqp,
                postgres,
                kafkaEmbedded,
                kafkaPort,
                blobs,
                data,
                data.resolve("routes"),
                data.resolve("schemas"),
                data.resolve("lake"),
                "1GB",
                2,
                true,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
