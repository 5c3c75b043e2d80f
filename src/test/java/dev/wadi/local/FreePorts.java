package dev.wadi.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
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

    static Settings settings(Path data, int http, int amqp, int postgres) {
        return new Settings(
                Ports.LOOPBACK,
                http,
                amqp,
                postgres,
                false,
                1,
                data,
                data.resolve("routes"),
                data.resolve("schemas"),
                data.resolve("lake"),
                "1GB",
                2,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
