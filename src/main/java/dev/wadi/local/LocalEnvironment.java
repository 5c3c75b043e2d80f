package dev.wadi.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
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
 * The broker, the PostgreSQL and the blob store of one run, each embedded unless the settings name one that runs already; and
 * Kafka, where it is wanted. The blob store needs Node; without it there is none.
 */
final class LocalEnvironment implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEnvironment.class);

    /** Whether there is a Kafka for routes to use; their {@code autoStartup} asks. */
    static final String KAFKA_ENABLED = "wadi.kafka.enabled";

    /** Whether there are blobs for routes to fetch; their {@code autoStartup} asks. */
    static final String BLOB_ENABLED = "wadi.blob.enabled";

    private final @Nullable DataFolder folder;
    private final @Nullable AmqpBroker broker;
    private final @Nullable PostgresServer postgres;
    private final @Nullable KafkaBroker kafka;
    private final @Nullable BlobStore blobs;
    private final Optional<String> kafkaServers;
    private final Optional<String> blobConnection;
    private final String rabbitMqUri;
    private final String jdbcUrl;

    private LocalEnvironment(
            Settings settings,
            @Nullable DataFolder folder,
            @Nullable AmqpBroker broker,
            @Nullable PostgresServer postgres,
            @Nullable KafkaBroker kafka,
            @Nullable BlobStore blobs) {
        this.folder = folder;
        this.broker = broker;
        this.postgres = postgres;
        this.kafka = kafka;
        this.blobs = blobs;
        this.blobConnection = blobs != null
                ? Optional.of(blobs.connection())
                : settings.blobs().connection();
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
        return start(settings, Azurite.find(), progress);
    }

    /** @param found the blob store that may be started */
    static LocalEnvironment start(Settings settings, Azurite.Found found, Progress progress)
            throws InterruptedException {
        Optional<Azurite> azurite = settings.embedsBlobs() ? found.azurite() : Optional.empty();
        if (settings.embedsBlobs() && azurite.isEmpty()) {
            progress.say("  There is no blob store: %s. Files may be dropped into a folder.".formatted(found.lacks()));
        }
        DataFolder folder =
                settings.embedsBroker() || settings.embedsPostgres() || settings.embedsKafka() || azurite.isPresent()
                        ? DataFolder.hold(settings.dataDir())
                        : null;
        try {
            if (folder != null && settings.embedsPostgres()) {
                stopLeftover(LeftoverProcess.postgres(folder.postgres()), folder.postgres(), progress);
            }
            if (folder != null && azurite.isPresent()) {
                stopLeftover(LeftoverProcess.azurite(folder.azurite()), folder.azurite(), progress);
            }
            Map<Setting, Integer> ports = new EnumMap<>(settings.ports());
            if (azurite.isEmpty()) {
                ports.remove(Setting.BLOB_PORT);
            }
            Ports.check(ports, settings.httpHost());
            return start(settings, folder, azurite, progress);
        } catch (StartException | InterruptedException e) {
            release(folder);
            throw e;
        }
    }

    private static LocalEnvironment start(
            Settings settings, @Nullable DataFolder folder, Optional<Azurite> azurite, Progress progress)
            throws InterruptedException {
        BlobStore blobs = folder != null && azurite.isPresent()
                ? startBlobs(azurite.get(), folder, settings.blobs(), progress)
                : null;
        try {
            return start(settings, folder, blobs, progress);
        } catch (StartException | InterruptedException e) {
            closeWithin(blobs, "The blob store", Duration.ofSeconds(4));
            throw e;
        }
    }

    /** It is not waited for: what is dropped is taken whenever it is there. */
    private static BlobStore startBlobs(Azurite azurite, DataFolder folder, Settings.Blobs blobs, Progress progress) {
        long began = System.nanoTime();
        BlobStore store = BlobStore.start(azurite, folder, blobs.port(), blobs.container());
        CompletableFuture<Void> unused = store.ready()
                .thenRun(() -> progress.beside("blob store", began, "%s:%d".formatted(Ports.LOOPBACK, blobs.port())));
        return store;
    }

    private static LocalEnvironment start(
            Settings settings, @Nullable DataFolder folder, @Nullable BlobStore blobs, Progress progress)
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
            return new LocalEnvironment(
                    settings, folder, broker.resultNow(), postgres.resultNow(), kafka.resultNow(), blobs);
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

    private static void stopLeftover(LeftoverProcess leftover, Path directory, Progress progress)
            throws InterruptedException {
        try {
            leftover.stop(Duration.ofSeconds(20))
                    .ifPresent(process ->
                            progress.say("  An earlier run was killed and left its %s running (process %d): stopped it."
                                    .formatted(leftover.part(), process)));
        } catch (IOException e) {
            throw new StartException(
                    "Whether a %s of an earlier run still uses %s cannot be told (%s): make the folder readable."
                            .formatted(leftover.part(), directory, e),
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

    /** The account whose blobs are taken; empty when none are. */
    Optional<String> blobConnection() {
        return blobConnection;
    }

    /** Completes when the embedded blob store can be used; at once when there is none. */
    CompletableFuture<Void> blobsReady() {
        return blobs == null ? CompletableFuture.completedFuture(null) : blobs.ready();
    }

    /** The addresses under the names by which the rest of Wadi asks for them. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(Setting.RABBITMQ_URI.key(), rabbitMqUri);
        properties.put(Setting.JDBC_URL.key(), jdbcUrl);
        properties.put(KAFKA_ENABLED, kafkaServers.isPresent());
        kafkaServers.ifPresent(servers -> properties.put(Setting.KAFKA_BOOTSTRAP_SERVERS.key(), servers));
        properties.put(BLOB_ENABLED, blobConnection.isPresent());
        blobConnection.ifPresent(
                connection -> properties.put(Setting.AZURE_STORAGE_CONNECTION_STRING.key(), connection));
        return properties;
    }

    /** The brokers first, then PostgreSQL and the blob store; none may keep another from stopping. */
    @Override
    public void close() {
        closeWithin(broker, "The broker", Duration.ofSeconds(3));
        closeWithin(kafka, "Kafka", Duration.ofSeconds(3));
        closeWithin(postgres, "PostgreSQL", Duration.ofSeconds(4));
        closeWithin(blobs, "The blob store", Duration.ofSeconds(4));
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
