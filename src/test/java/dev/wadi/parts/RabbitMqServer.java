package dev.wadi.parts;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Debian's {@code rabbitmq-server}, run as a process of the test: own node name, own port mapper, free ports, folders
 * in a temporary one, everything on 127.0.0.1. {@link #close} ends the processes by their ids and removes the folders.
 *
 * <p>{@code .ci/setup} installs it where it is missing.
 */
public final class RabbitMqServer implements AutoCloseable {
    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
    private static final Duration STOP = Duration.ofSeconds(10);

    private final ServerProcess process = new ServerProcess("RabbitMQ");
    private final int port;
    private final int distributionPort;
    private final int mapperPort;
    private final Process mapper;

    private RabbitMqServer(String configuration) throws IOException {
        List<Integer> ports = FreePorts.many(3);
        this.port = ports.get(0);
        this.distributionPort = ports.get(1);
        this.mapperPort = ports.get(2);
        Path folder = process.folder();
        Files.writeString(folder.resolve("enabled_plugins"), "[].\n");
        Files.writeString(folder.resolve("rabbitmq-env.conf"), "");
        Files.writeString(folder.resolve("rabbitmq.conf"), "log.file.level = warning\n" + configuration);
        // Ours from the start: the broker would leave a daemon behind that belongs to nobody.
        this.mapper = tool(List.of(onPath("epmd"), "-address", "127.0.0.1", "-port", "" + mapperPort), "epmd.out");
    }

    /** Starts a broker and returns when it takes connections. */
    public static RabbitMqServer start() {
        return start("");
    }

    /**
     * Starts a broker as a container would be: with the {@code rabbitmq.conf} of a folder that is mounted as {@code /etc/rabbitmq}. The user
     * {@code guest} must be among those that it defines.
     */
    public static RabbitMqServer configured(Path etc) {
        try {
            return start(Files.readString(etc.resolve("rabbitmq.conf"))
                    .replace("/etc/rabbitmq", etc.toAbsolutePath().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RabbitMqServer start(String configuration) {
        if (!Files.exists(SERVER)) {
            throw new IllegalStateException(
                    "RabbitMQ is not installed (no %s): run .ci/setup as root, or apt-get install rabbitmq-server"
                            .formatted(SERVER));
        }
        try {
            RabbitMqServer server = new RabbitMqServer(configuration);
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
        process.kill();
    }

    /** Starts the broker of this folder, after {@link #kill}. */
    public void launch() {
        process.launch(command(List.of(SERVER.toString())), () -> connect().close());
    }

    /** Runs {@code rabbitmqctl} against this broker and returns what it said. */
    public String control(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/lib/rabbitmq/bin/rabbitmqctl"));
        command.addAll(List.of(arguments));
        Process control = tool(command, "control.out");
        boolean ended = control.waitFor(60, TimeUnit.SECONDS);
        String said = Files.readString(process.folder().resolve("control.out"));
        if (!ended || control.exitValue() != 0) {
            ServerProcess.kill(ServerProcess.tree(control));
            throw new IllegalStateException("rabbitmqctl %s failed: %s".formatted(command, said));
        }
        return said;
    }

    @Override
    public synchronized void close() {
        process.end(RabbitMqServer::stop);
        stop(mapper);
        process.close();
    }

    /** Asks the broker itself to stop: the launch script forwards nothing to it. */
    private static void stop(Process process) {
        List<ProcessHandle> tree = ServerProcess.tree(process);
        tree.stream().filter(handle -> isBroker(handle)).forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + STOP.toNanos();
        while (tree.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            pause();
        }
        ServerProcess.kill(tree);
    }

    private static boolean isBroker(ProcessHandle handle) {
        String command = handle.info().command().orElse("");
        return command.contains("beam") || command.endsWith("epmd");
    }

    private Process tool(List<String> command, String output) throws IOException {
        Path folder = process.folder();
        return command(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(output).toFile())
                .start();
    }

    private ProcessBuilder command(List<String> command) {
        Path folder = process.folder();
        ProcessBuilder builder = new ProcessBuilder(command);
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

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
