package dev.wadi.parts;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL of the test, on a port that it keeps: it can be stopped and started again with its data. */
public final class PostgresDatabase implements AutoCloseable {
    private final Path folder;
    private final int port;
    private @Nullable EmbeddedPostgres server;

    public PostgresDatabase(Path folder) throws IOException {
        this.folder = folder;
        this.port = FreePorts.one();
        start();
    }

    public void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(true)
                .setPGStartupWait(Duration.ofSeconds(120))
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_replication_slots", "8")
                .setServerConfig("max_wal_senders", "8")
                .setLocaleConfig("locale", "C.UTF-8")
                .start();
    }

    public void stop() throws IOException {
        EmbeddedPostgres running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }

    public boolean isRunning() {
        return server != null;
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(port);
    }

    /** Host and port. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    /** Of another database, for some user; it asks nobody for a password. */
    public String jdbcUrl(String database, String user) {
        return "jdbc:postgresql://%s/%s?user=%s".formatted(host(), database, user);
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl());
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The rows of a SELECT, columns as text joined by {@code |}; null is {@code ~}. */
    public List<String> rows(String select) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(select)) {
            return TextRows.of(result);
        }
    }

    /** Makes the tables that the embedded PostgreSQL of a local run has. */
    public void makeSourceTables() throws SQLException {
        try (var script =
                Objects.requireNonNull(PostgresDatabase.class.getResourceAsStream("/dev/wadi/local/postgres.sql"))) {
            execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
