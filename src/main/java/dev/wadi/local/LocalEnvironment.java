package dev.wadi.local;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker and the PostgreSQL of one run, each embedded unless the settings name one that runs already; and Kafka, where it
 * is wanted.
 */
final class LocalEnvironment implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEnvironment.class);

    /** Whether there is a Kafka for routes to use; their {@code autoStartup} asks. */
    static final String KAFKA_ENABLED = "wadi.kafka.enabled";

    private final @Nullable DataFolder folder;
    private final @Nullable AmqpBroker broker;
    private final @Nullable PostgresServer postgres;
    private final @Nullable KafkaBroker kafka;
    private final Optional<String> kafkaServers;
    private final String rabbitMqUri;
    private final String jdbcUrl;

    private LocalEnvironment(
            Settings settings,
            @Nullable DataFolder folder,
            @Nullable AmqpBroker broker,
            @Nullable PostgresServer postgres,
            @Nullable KafkaBroker kafka) {
        this.folder = folder;
        this.broker = broker;
        this.postgres = postgres;
        this.kafka = kafka;
        this.kafkaServers = kafka != null ? Optional.of(kafka.servers()) : settings.kafkaServers();
        this.rabbitMqUri =
                broker != null ? broker.uri() : settings.rabbitMqUri().orElseThrow();
        this.jdbcUrl =
                postgres != null ? postgres.jdbcUrl() : settings.jdbcUrl().orElseThrow();
    }

    /**
     * Starts what is embedded, side by side, after making sure that nothing stands in its way.
     *
     * @throws StartException when a port is taken, the data folder is in use, or a part does not start; then nothing of
     *     it is left running
     */
    static LocalEnvironment start(Settings settings, Progress progress) throws InterruptedException {
        DataFolder folder = settings.embedsBroker() || settings.embedsPostgres() || settings.embedsKafka()
                ? DataFolder.hold(settings.dataDir())
                : null;
        try {
            if (folder != null && settings.embedsPostgres()) {
                stopLeftover(folder, progress);
            }
            Ports.check(settings);
            return start(settings, folder, progress);
        } catch (StartException | InterruptedException e) {
            release(folder);
            throw e;
        }
    }

    private static LocalEnvironment start(Settings settings, @Nullable DataFolder folder, Progress progress)
            throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            CompletableFuture<@Nullable PostgresServer> postgres = folder != null && settings.embedsPostgres()
                    ? timed(
                            threads,
                            progress,
                            "PostgreSQL",
                            settings.postgresPort(),
                            () -> PostgresServer.start(folder, settings.postgresPort()))
                    : given(progress, "PostgreSQL", Setting.JDBC_URL);
            CompletableFuture<@Nullable AmqpBroker> broker = folder != null && settings.embedsBroker()
                    ? timed(
                            threads,
                            progress,
                            "broker",
                            settings.amqpPort(),
                            () -> AmqpBroker.start(folder, settings.amqpPort()))
                    : given(progress, "broker", Setting.RABBITMQ_URI);
            CompletableFuture<@Nullable KafkaBroker> kafka = folder != null && settings.embedsKafka()
                    ? timed(
                            threads,
                            progress,
                            "Kafka",
                            settings.kafkaPort(),
                            () -> KafkaBroker.start(folder, settings.kafkaPort()))
                    : CompletableFuture.completedFuture(null);
            if (settings.kafkaServers().isPresent()) {
                progress.beside(
                        "Kafka",
                        System.nanoTime(),
                        "the one that %s names".formatted(Setting.KAFKA_BOOTSTRAP_SERVERS.variable()));
            }
            try {
                CompletableFuture.allOf(postgres, broker, kafka).join();
            } catch (CompletionException e) {
                close(kafka);
                close(broker);
                close(postgres);
                throw e.getCause() instanceof StartException start
                        ? start
                        : new StartException("The local environment did not start: " + e.getCause(), e);
            }
            return new LocalEnvironment(settings, folder, broker.resultNow(), postgres.resultNow(), kafka.resultNow());
        }
    }

    private static <T> CompletableFuture<@Nullable T> timed(
            ExecutorService threads, Progress progress, String part, int port, Supplier<T> start) {
        long began = System.nanoTime();
        return CompletableFuture.supplyAsync(
                () -> {
                    T started = start.get();
                    progress.beside(part, began, "%s:%d".formatted(Ports.LOOPBACK, port));
                    return started;
                },
                threads);
    }

    private static <T> CompletableFuture<@Nullable T> given(Progress progress, String part, Setting setting) {
        progress.beside(part, System.nanoTime(), "the one that %s names".formatted(setting.variable()));
        return CompletableFuture.completedFuture(null);
    }

    private static void stopLeftover(DataFolder folder, Progress progress) throws InterruptedException {
        try {
            new LeftoverPostgres(folder.postgres())
                    .stop(Duration.ofSeconds(20))
                    .ifPresent(process -> progress.say(
                            "  An earlier run was killed and left its PostgreSQL running (process %d): stopped it."
                                    .formatted(process)));
        } catch (IOException e) {
            throw new StartException(
                    "Whether a PostgreSQL of an earlier run still uses %s cannot be told (%s): make the folder readable."
                            .formatted(folder.postgres(), e),
                    e);
        }
    }

    String rabbitMqUri() {
        return rabbitMqUri;
    }

    String jdbcUrl() {
        return jdbcUrl;
    }

    /** Where Kafka is; empty when no route shall use it. */
    Optional<String> kafkaServers() {
        return kafkaServers;
    }

    /** The addresses under the names by which the rest of Wadi asks for them. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(Setting.RABBITMQ_URI.key(), rabbitMqUri);
        properties.put(Setting.JDBC_URL.key(), jdbcUrl);
        properties.put(KAFKA_ENABLED, kafkaServers.isPresent());
        kafkaServers.ifPresent(servers -> properties.put(Setting.KAFKA_BOOTSTRAP_SERVERS.key(), servers));
        return properties;
    }

    /** The brokers first, then PostgreSQL; none may keep another from stopping. */
    @Override
    public void close() {
        closeWithin(broker, "The broker", Duration.ofSeconds(3));
        closeWithin(kafka, "Kafka", Duration.ofSeconds(3));
        closeWithin(postgres, "PostgreSQL", Duration.ofSeconds(4));
        release(folder);
    }

    private static void closeWithin(@Nullable AutoCloseable part, String name, Duration patience) {
        if (part == null) {
            return;
        }
        CompletableFuture<Void> closing = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("stop " + name).start(() -> {
            try {
                part.close();
                closing.complete(null);
            } catch (Exception e) {
                closing.completeExceptionally(e);
            }
        });
        try {
            closing.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            LOG.warn("{} did not stop in the usual way", name, e.getCause());
        } catch (TimeoutException e) {
            LOG.warn("{} did not stop within {} s; what it confirmed or committed is safe", name, patience.toSeconds());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T extends AutoCloseable> void close(CompletableFuture<@Nullable T> part) {
        if (part.state() == java.util.concurrent.Future.State.SUCCESS) {
            closeWithin(part.resultNow(), "A part", Duration.ofSeconds(5));
        }
    }

    private static void release(@Nullable DataFolder folder) {
        if (folder != null) {
            try {
                folder.close();
            } catch (IOException e) {
                LOG.warn("The lock of the data folder was not released: {}", e.toString());
            }
        }
    }
}
