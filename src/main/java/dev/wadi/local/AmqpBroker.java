package dev.wadi.local;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener;

/**
 * The embedded AMQP 0-9-1 broker, in this process, on the loopback address only, with a store on disk. User and
 * password are {@code guest}. A confirmed persistent message is on disk.
 *
 * <p>A queue that holds {@link #MAXIMUM_DEPTH} messages makes its publishers wait (channel.flow): each message costs some
 * 270 bytes of heap while it waits, so a queue without end would end the process. What is already under way still comes
 * in, so the depth is soft. Refusing would be a hard limit, but then the broker confirms a message it has refused
 * unless it was published as mandatory.
 */
final class AmqpBroker implements AutoCloseable {
    /** Messages in one queue before its publishers wait; some 55 MB of heap. */
    static final int MAXIMUM_DEPTH = 200_000;

    /**
     * Milliseconds after which a channel that still sends is closed. Long, because what a client had sent before it was
     * asked to wait arrives late when the broker is busy.
     */
    private static final int PATIENCE_WITH_SENDERS = 60_000;

    /** Bytes of heap the store may use for its cache. */
    private static final long CACHE_BYTES = 64L << 20;

    private final SystemLauncher launcher;
    private final int port;

    private AmqpBroker(SystemLauncher launcher, int port) {
        this.launcher = launcher;
        this.port = port;
    }

    /** @throws StartException when the port is taken or the store cannot be opened */
    static AmqpBroker start(DataFolder folder, int port) {
        return start(folder.broker(), port, MAXIMUM_DEPTH);
    }

    /** @param maximumDepth messages in one queue */
    static AmqpBroker start(Path directory, int port, int maximumDepth) {
        URL configuration = Objects.requireNonNull(AmqpBroker.class.getResource("broker.json"));
        Map<String, String> context = new HashMap<>();
        context.put("wadi.amqpPort", Integer.toString(port));
        context.put("wadi.brokerStore", directory.resolve("store").toString());
        context.put("qpid.work_dir", directory.resolve("work").toString());
        // else a port or a store that cannot be opened leaves a broker that looks started
        context.put("broker.failStartupWithErroredChild", "true");
        context.put("qpid.broker.bdbTotalCacheSize", Long.toString(CACHE_BYTES));
        context.put("queue.defaultMaximumQueueDepthMessages", Integer.toString(maximumDepth));
        context.put("queue.defaultOverflowPolicy", "PRODUCER_FLOW_CONTROL");
        context.put("channel.flowControlEnforcementTimeout", Integer.toString(PATIENCE_WITH_SENDERS));
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("type", "Memory");
        attributes.put("initialConfigurationLocation", configuration.toString());
        attributes.put("startupLoggedToSystemOut", false);
        attributes.put("context", context);

        AtomicReference<RuntimeException> error = new AtomicReference<>();
        SystemLauncher launcher = new SystemLauncher(new SystemLauncherListener.DefaultSystemLauncherListener() {
            @Override
            public void errorOnStartup(RuntimeException e) {
                error.set(e);
            }
        });
        try {
            Files.createDirectories(directory);
            launcher.startup(attributes);
        } catch (Exception e) {
            launcher.shutdown();
            throw failure(directory, port, e);
        }
        RuntimeException failed = error.get();
        if (failed != null) {
            launcher.shutdown();
            throw failure(directory, port, failed);
        }
        return new AmqpBroker(launcher, port);
    }

    private static StartException failure(Path directory, int port, Exception cause) {
        return new StartException(
                "The embedded AMQP broker did not start on port %d with its store in %s (%s). A cure may be to set %s to a broker that runs already."
                        .formatted(port, directory, cause.getMessage(), Setting.RABBITMQ_URI.variable()),
                cause);
    }

    String uri() {
        return "amqp://guest:guest@%s:%d".formatted(Ports.LOOPBACK, port);
    }

    @Override
    public void close() {
        launcher.shutdown();
    }
}
