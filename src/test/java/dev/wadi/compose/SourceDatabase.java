package dev.wadi.compose;

import dev.wadi.parts.PostgresDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A PostgreSQL set up by the scripts that the container of {@code docker-compose.yml} runs when its volume is new. */
final class SourceDatabase implements AutoCloseable {
    private final PostgresDatabase server;

    SourceDatabase(Path folder, ComposeFile compose) throws IOException, SQLException {
        server = new PostgresDatabase(folder);
        server.execute("CREATE DATABASE wadi");
        String mark = ":/docker-entrypoint-initdb.d/";
        for (String mount : ComposeFile.texts(compose.service("postgres"), "volumes").stream()
                .filter(mount -> mount.contains(mark))
                .sorted((a, b) -> a.substring(a.indexOf(mark)).compareTo(b.substring(b.indexOf(mark))))
                .toList()) {
            execute(
                    "postgres",
                    filled(
                            ComposeFile.text(Path.of(mount.substring(0, mount.indexOf(mark)))),
                            compose.environment("postgres")));
        }
    }

    /** As psql does: {@code \getenv NAME VARIABLE}, then {@code :'NAME'}. */
    private static String filled(String script, Map<String, String> variables) {
        StringBuilder sql = new StringBuilder();
        Map<String, String> known = new TreeMap<>();
        for (String line : script.lines().toList()) {
            if (line.startsWith("\\getenv ")) {
                String[] words = line.split(" ");
                known.put(words[1], Objects.requireNonNull(variables.get(words[2]), words[2]));
            } else {
                sql.append(line).append('\n');
            }
        }
        String filled = sql.toString();
        for (Map.Entry<String, String> variable : known.entrySet()) {
            filled = filled.replace(":'" + variable.getKey() + "'", "'" + variable.getValue() + "'");
        }
        return filled;
    }

    String host() {
        return server.host();
    }

    void execute(String user, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl("wadi", user));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
