package dev.wadi.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The embedded Kafka broker: one node that is broker and controller, in this process, on the loopback address only, with its
 * log on disk. A topic is made when it is first used. A record that it has confirmed survives the end of this process, and
 * a power cut once the operating system has written it.
 */
final class KafkaBroker implements AutoCloseable {
    private static final int NODE = 1;

    private final KafkaRaftServer server;
    private final int port;

    private KafkaBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** @throws StartException when a port is taken or the log cannot be opened */
    static KafkaBroker start(DataFolder folder, int port) {
        Path directory = folder.kafka();
        try {
            // nobody but the broker itself talks to its controller
            int controller = freePort();
            Files.createDirectories(directory);
            stayAlive();
            format(directory);
            KafkaRaftServer server =
                    new KafkaRaftServer(new KafkaConfig(properties(directory, port, controller), false), Time.SYSTEM);
            try {
                server.startup();
            } catch (RuntimeException e) {
                server.shutdown();
                throw e;
            }
            return new KafkaBroker(server, port);
        } catch (Exception e) {
            throw new StartException(
                    "The embedded Kafka broker did not start on port %d with its log in %s (%s). A cure may be to set %s to brokers that run already."
                            .formatted(port, directory, e.getMessage(), Setting.KAFKA_BOOTSTRAP_SERVERS.variable()),
                    e);
        }
    }

    /** A broker that meets an error it cannot handle ends its process, which here is everyone's. */
    private static void stayAlive() {
        Exit.Procedure tell = (status, message) -> {
            throw new IllegalStateException(
                    "The embedded Kafka broker gave up (%s): start Wadi again".formatted(message));
        };
        Exit.setExitProcedure(tell);
        Exit.setHaltProcedure(tell);
    }

    private static void format(Path directory) throws Exception {
        if (!Files.exists(directory.resolve("meta.properties"))) {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        }
    }

    private static Properties properties(Path directory, int port, int controller) {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE));
        properties.put("controller.quorum.voters", "%d@%s:%d".formatted(NODE, Ports.LOOPBACK, controller));
        properties.put(
                "listeners",
                "PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d".formatted(Ports.LOOPBACK, port, controller));
        properties.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(Ports.LOOPBACK, port));
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", directory.toString());
        // so that two members of a group have work
        properties.put("num.partitions", "2");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        // it shares the heap with everything else
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(10 << 20));
        properties.put("num.io.threads", "2");
        properties.put("num.network.threads", "1");
        properties.put("controlled.shutdown.enable", "false");
        return properties;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(Ports.LOOPBACK))) {
            return socket.getLocalPort();
        }
    }

    String servers() {
        return "%s:%d".formatted(Ports.LOOPBACK, port);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
