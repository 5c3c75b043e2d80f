package dev.wadi.parts;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Debian's {@code rabbitmq-server}, run as a process of the test: own node name, own port mapper, free ports, folders
 * in a temporary one, everything on 127.0.0.1. {@link #close} ends the processes by their ids and removes the folders.
 *
 * <p>{@code .ci/setup} installs it where it is missing.
 */
public final class RabbitMqServer implements AutoCloseable {
    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Path folder;
    private final int port;
    private final int distributionPort;
    private final int mapperPort;
    private final Process mapper;
    private @Nullable Process server;

    private RabbitMqServer(Path folder) throws IOException {
        this.folder = folder;
        int[] ports = freePorts(3);
        this.port = ports[0];
        this.distributionPort = ports[1];
        this.mapperPort = ports[2];
        Files.writeString(folder.resolve("enabled_plugins"), "[].\n");
        Files.writeString(folder.resolve("rabbitmq-env.conf"), "");
        Files.writeString(folder.resolve("rabbitmq.conf"), "log.file.level = warning\n");
        // Ours from the start: the broker would leave a daemon behind that belongs to nobody.
        this.mapper = process(List.of(onPath("epmd"), "-address", "127.0.0.1", "-port", "" + mapperPort), "epmd.out")
                .start();
    }

    /** Starts a broker and returns when it takes connections. */
    public static RabbitMqServer start() {
        if (!Files.exists(SERVER)) {
            throw new IllegalStateException(
                    "RabbitMQ is not installed (no %s): run .ci/setup as root, or apt-get install rabbitmq-server"
                            .formatted(SERVER));
        }
        try {
            RabbitMqServer server = new RabbitMqServer(Files.createTempDirectory("wadi-rabbitmq"));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            server.launch();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String uri() {
        return "amqp://guest:guest@127.0.0.1:" + port;
    }

    /** A connection that does not recover by itself. */
    public Connection connect() throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection("test");
    }

    /** Kills the broker as a power cut would; {@link #launch} starts it again on the same port with the same data. */
    public void kill() {
        end(Duration.ZERO);
    }

    /** Starts the broker of this folder, after {@link #kill}. */
    public void launch() {
        try {
            server = process(List.of(SERVER.toString()), "server.out").start();
            await(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code rabbitmqctl} against this broker and returns what it said. */
    public String control(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/lib/rabbitmq/bin/rabbitmqctl"));
        command.addAll(List.of(arguments));
        Process process = process(command, "control.out").start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        String said = Files.readString(folder.resolve("control.out"));
        if (!ended || process.exitValue() != 0) {
            endTree(process, Duration.ZERO);
            throw new IllegalStateException("rabbitmqctl %s failed: %s".formatted(command, said));
        }
        return said;
    }

    @Override
    public synchronized void close() {
        end(STOP);
        endTree(mapper, STOP);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // The folder is gone: closed before.
        }
    }

    private void end(Duration patience) {
        Process running = server;
        server = null;
        if (running != null) {
            endTree(running, patience);
        }
    }

    /** Ends a process and those it started, children first: the launch script forwards nothing to the broker itself. */
    private static void endTree(Process process, Duration patience) {
        List<ProcessHandle> tree = new ArrayList<>(process.descendants().toList());
        tree.add(process.toHandle());
        if (!patience.isZero()) {
            tree.stream().filter(handle -> isBroker(handle)).forEach(ProcessHandle::destroy);
            long deadline = System.nanoTime() + patience.toNanos();
            while (tree.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
                pause(20);
            }
        }
        tree.forEach(ProcessHandle::destroyForcibly);
        while (tree.stream().anyMatch(ProcessHandle::isAlive)) {
            pause(5);
        }
    }

    private static boolean isBroker(ProcessHandle handle) {
        String command = handle.info().command().orElse("");
        return command.contains("beam") || command.endsWith("epmd");
    }

    private void await(Process process) throws IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try (Connection connection = connect()) {
                if (connection.isOpen()) {
                    return;
                }
            } catch (IOException | TimeoutException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    String said = Files.readString(folder.resolve("server.out"));
                    close();
                    throw new IllegalStateException("RabbitMQ did not start: " + said, e);
                }
                pause(100);
            }
        }
    }

    private ProcessBuilder process(List<String> command, String output) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(folder.toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(folder.resolve(output).toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
        environment.put("HOME", folder.toString()); // the Erlang cookie
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("ERL_EPMD_PORT", "" + mapperPort);
        environment.put("RABBITMQ_NODENAME", "wadi" + port + "@localhost");
        environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        environment.put("RABBITMQ_NODE_PORT", "" + port);
        environment.put("RABBITMQ_DIST_PORT", "" + distributionPort);
        environment.put(
                "RABBITMQ_CONF_ENV_FILE", folder.resolve("rabbitmq-env.conf").toString());
        environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE",
                folder.resolve("enabled_plugins").toString());
        environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
        environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        // The distribution listens on all addresses unless told otherwise.
        environment.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false");
        return builder;
    }

    private static String onPath(String program) {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            Path candidate = Path.of(directory, program);
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        throw new IllegalStateException(program + " is not on PATH: it comes with rabbitmq-server, run .ci/setup");
    }

    private static int[] freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            int[] ports = new int[count];
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                held.add(socket);
                ports[i] = socket.getLocalPort();
            }
            return ports;
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
