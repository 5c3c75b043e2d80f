package dev.wadi.local;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks whether the ports of a run are free, before anything starts that would have to be stopped again. */
final class Ports {
    /** The embedded parts have no password worth the name, so they are not for other machines. */
    static final String LOOPBACK = "127.0.0.1";

    private Ports() {}

    /** @throws StartException with one sentence for each port that cannot be had */
    static void check(Settings settings) {
        check(settings.ports(), settings.httpHost());
    }

    /**
     * @param httpHost what the HTTP server listens on; the others are on the loopback address
     * @throws StartException with one sentence for each port that cannot be had
     */
    static void check(Map<Setting, Integer> ports, String httpHost) {
        List<String> mistakes = new ArrayList<>();
        for (Map.Entry<Setting, Integer> port : ports.entrySet()) {
            String host = port.getKey() == Setting.HTTP_PORT ? httpHost : LOOPBACK;
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getByName(host), port.getValue()));
            } catch (BindException taken) {
                mistakes.add(sentence(port.getKey(), port.getValue(), host, taken));
            } catch (IOException unusable) {
                mistakes.add("Nothing can listen on %s:%d (%s): set %s to an address of this machine."
                        .formatted(host, port.getValue(), unusable.getMessage(), Setting.HTTP_HOST.variable()));
            }
        }
        if (!mistakes.isEmpty()) {
            throw new StartException(String.join("\n", mistakes));
        }
    }

    private static String sentence(Setting setting, int port, String host, BindException cause) {
        String reason = String.valueOf(cause.getMessage());
        if (reason.startsWith("Cannot assign")) {
            return "No network of this machine has the address %s, so the HTTP server cannot start: set %s to one it has."
                    .formatted(host, Setting.HTTP_HOST.variable());
        }
        boolean forbidden = reason.startsWith("Permission");
        return "Port %d is %s, so the %s cannot start: %s%s."
                .formatted(
                        port,
                        forbidden ? "reserved to the superuser" : "taken",
                        part(setting),
                        forbidden ? "" : "free it, or ",
                        cure(setting));
    }

    private static String part(Setting setting) {
        return switch (setting) {
            case AMQP_PORT -> "embedded AMQP broker";
            case POSTGRES_PORT -> "embedded PostgreSQL";
            case KAFKA_PORT -> "embedded Kafka broker";
            case BLOB_PORT -> "embedded blob store";
            default -> "HTTP server";
        };
    }

    private static String cure(Setting setting) {
        String cure = "set %s to another port".formatted(setting.variable());
        return switch (setting) {
            case AMQP_PORT ->
                "%s, or %s to a broker that runs already".formatted(cure, Setting.RABBITMQ_URI.variable());
            case POSTGRES_PORT ->
                "%s, or %s to a PostgreSQL that runs already".formatted(cure, Setting.JDBC_URL.variable());
            case KAFKA_PORT ->
                "%s, or %s to brokers that run already".formatted(cure, Setting.KAFKA_BOOTSTRAP_SERVERS.variable());
            case BLOB_PORT -> "%s, or %s to false".formatted(cure, Setting.BLOB_EMBEDDED.variable());
            default -> cure;
        };
    }
}
