package dev.wadi.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded PostgreSQL: a process of its own, on the loopback address only, that keeps what is committed. Its user
 * is {@code postgres} and needs no password. It writes its log into {@code log/} of its data directory.
 */
final class PostgresServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

    /** Written after the first start went well. A data directory without it is an {@code initdb} cut short. */
    private static final String COMPLETE = "wadi.complete";

    private static final Map<String, String> CONFIGURATION = new TreeMap<>(Map.ofEntries(
            Map.entry("listen_addresses", Ports.LOOPBACK),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "100"),
            // zonky passes -F, which these two revoke
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("wal_level", "logical"),
            Map.entry("max_replication_slots", "8"),
            Map.entry("max_wal_senders", "8"),
            // A consumer that went away must not fill the disk with log kept for it.
            Map.entry("max_slot_wal_keep_size", "4GB"),
            Map.entry("logging_collector", "on"),
            Map.entry("log_directory", "log"),
            Map.entry("log_filename", "postgresql-%a.log"),
            Map.entry("log_truncate_on_rotation", "on")));

    private final EmbeddedPostgres process;
    private final Path dataDirectory;

    private PostgresServer(EmbeddedPostgres process, Path dataDirectory) {
        this.process = process;
        this.dataDirectory = dataDirectory;
    }

    /** @throws StartException saying where PostgreSQL wrote its reasons */
    static PostgresServer start(DataFolder folder, int port) {
        Path data = folder.postgres();
        Path binaries = folder.postgresBinaries();
        try {
            setAsideUnfinished(data);
            deleteUnfinishedBinaries(binaries);
            // zonky deletes data directories it thinks stale in this folder, so it must be one that holds none
            System.setProperty("ot.epg.working-dir", binaries.toString());
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setLocaleConfig("locale", "C.UTF-8");
            CONFIGURATION.forEach(builder::setServerConfig);
            PostgresServer server = new PostgresServer(builder.start(), data);
            server.makeSourceTables();
            Path complete = data.resolve(COMPLETE);
            if (!Files.exists(complete)) {
                Files.createFile(complete);
            }
            return server;
        } catch (IOException | IllegalStateException | UncheckedIOException e) {
            stopLeftover(data);
            throw new StartException(
                    "The embedded PostgreSQL did not start on port %d (%s): its log is in %s. A cure may be to set %s to a PostgreSQL that runs already."
                            .formatted(port, e.getMessage(), data.resolve("log"), Setting.JDBC_URL.variable()),
                    e);
        }
    }

    /** The tables that the routes of a fresh checkout read. What is there already stays as it is. */
    private void makeSourceTables() throws IOException {
        try (InputStream script = PostgresServer.class.getResourceAsStream("postgres.sql");
                Connection connection = process.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8));
        } catch (SQLException e) {
            LOG.warn("The tables that the routes of a fresh checkout read were not made: {}", e.getMessage());
        }
    }

    String jdbcUrl() {
        return jdbcUrl(process.getPort());
    }

    static String jdbcUrl(int port) {
        return "jdbc:postgresql://%s:%d/postgres?user=postgres".formatted(Ports.LOOPBACK, port);
    }

    @Override
    public void close() {
        try {
            process.close();
        } catch (IOException e) {
            LOG.warn("PostgreSQL was not stopped in the usual way: {}", e.toString());
        }
        stopLeftover(dataDirectory);
    }

    private static void stopLeftover(Path data) {
        try {
            LeftoverProcess.postgres(data).stop(Duration.ofSeconds(3));
        } catch (IOException | StartException e) {
            LOG.warn("PostgreSQL on {} may still run: {}", data, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moved, never deleted: it should hold nothing, but that is not ours to decide. */
    private static void setAsideUnfinished(Path data) throws IOException {
        if (!Files.exists(data) || Files.exists(data.resolve(COMPLETE)) || isEmpty(data)) {
            return;
        }
        Path aside = data.resolveSibling(
                data.getFileName() + ".unfinished-" + Instant.now().toEpochMilli());
        Files.move(data, aside);
        LOG.warn("The PostgreSQL data in {} never got ready; it is set aside as {}", data, aside);
    }

    /** zonky takes any file that is there for a whole one, so binaries whose unpacking was cut short must go. */
    private static void deleteUnfinishedBinaries(Path binaries) throws IOException {
        if (!Files.exists(binaries)) {
            return;
        }
        try (Stream<Path> versions = Files.list(binaries)) {
            for (Path version : (Iterable<Path>) versions::iterator) {
                if (!Files.exists(version.resolve(".exists"))) {
                    deleteTree(version);
                }
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : (Iterable<Path>) tree.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
