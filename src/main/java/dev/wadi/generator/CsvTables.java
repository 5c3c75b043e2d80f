package dev.wadi.generator;

import dev.wadi.engine.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Loads CSV files into PostgreSQL, each into the table of its name, all in one transaction. A table that is not there is made from the
 * file: DuckDB tells its types, and its first column is the primary key when its values are all there and all different. Into
 * a table that is there, rows are added, or changed by its primary key.
 */
public final class CsvTables {
    /** Of a number such as 007, which is a text. */
    private static final String LEADING_ZERO = "^-?0[0-9]";

    private final String schema;

    public CsvTables(String schema) {
        this.schema = schema;
    }

    /**
     * What a file is.
     *
     * @param columns their types in PostgreSQL
     * @param keyed whether the first column names the rows
     */
    private record Layout(String table, char delimiter, Map<String, String> columns, boolean keyed) {
        String names() {
            return columns.keySet().stream().map(Sql::name).collect(Collectors.joining(", "));
        }
    }

    /** @return how many rows were loaded, by table */
    public Map<String, Long> load(List<Path> files, String jdbcUrl) throws IOException, SQLException {
        List<Layout> layouts = new ArrayList<>();
        for (Path file : files) {
            layouts.add(layout(file));
        }
        Map<String, Long> loaded = new LinkedHashMap<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL TIME ZONE 'UTC'");
            statement.execute("CREATE SCHEMA IF NOT EXISTS " + Sql.name(schema));
            for (int i = 0; i < files.size(); i++) {
                try {
                    loaded.merge(
                            "%s.%s".formatted(schema, layouts.get(i).table()),
                            load(connection, statement, files.get(i), layouts.get(i)),
                            Long::sum);
                } catch (SQLException e) {
                    throw new SQLException(
                            "%s was not loaded, nor was any other: %s".formatted(files.get(i), e.getMessage()),
                            e.getSQLState(),
                            e);
                }
            }
            connection.commit();
        }
        return loaded;
    }

    private long load(Connection connection, Statement statement, Path file, Layout layout)
            throws SQLException, IOException {
        String table = Sql.name(schema) + "." + Sql.name(layout.table());
        List<String> key = key(connection, layout.table());
        if (key == null) {
            List<String> lines = new ArrayList<>();
            layout.columns().forEach((name, type) -> lines.add(Sql.name(name) + " " + type));
            if (layout.keyed()) {
                lines.add("PRIMARY KEY (%s)"
                        .formatted(Sql.name(layout.columns().keySet().iterator().next())));
            }
            statement.execute("CREATE TABLE %s (%s)".formatted(table, String.join(", ", lines)));
            return copy(connection, file, table, layout);
        }
        statement.execute("CREATE TEMP TABLE wadi_load ON COMMIT DROP AS SELECT %s FROM %s LIMIT 0"
                .formatted(layout.names(), table));
        copy(connection, file, "wadi_load", layout);
        long rows = statement.executeUpdate("INSERT INTO %s (%s) SELECT %s FROM wadi_load%s"
                .formatted(table, layout.names(), layout.names(), conflict(key, layout)));
        statement.execute("DROP TABLE wadi_load");
        return rows;
    }

    private static String conflict(List<String> key, Layout layout) {
        if (key.isEmpty()) {
            return "";
        }
        String changes = layout.columns().keySet().stream()
                .filter(name -> !key.contains(name))
                .map(name -> "%1$s = excluded.%1$s".formatted(Sql.name(name)))
                .collect(Collectors.joining(", "));
        return " ON CONFLICT (%s) DO %s"
                .formatted(
                        key.stream().map(Sql::name).collect(Collectors.joining(", ")),
                        changes.isEmpty() ? "NOTHING" : "UPDATE SET " + changes);
    }

    private static long copy(Connection connection, Path file, String table, Layout layout)
            throws SQLException, IOException {
        try (InputStream rows = Files.newInputStream(file)) {
            return connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY %s (%s) FROM STDIN WITH (FORMAT csv, HEADER true, ENCODING 'UTF8', DELIMITER %s)"
                                    .formatted(table, layout.names(), Sql.text(String.valueOf(layout.delimiter()))),
                            rows);
        }
    }

    /** The primary key of a table, empty when it has none; null when there is no such table. */
    private @Nullable List<String> key(Connection connection, String table) throws SQLException {
        try (PreparedStatement there =
                connection.prepareStatement("SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = ?")) {
            there.setString(1, schema);
            there.setString(2, table);
            try (ResultSet row = there.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
            }
        }
        List<String> key = new ArrayList<>();
        try (ResultSet row = connection.getMetaData().getPrimaryKeys(null, schema, table)) {
            while (row.next()) {
                key.add(row.getString("COLUMN_NAME"));
            }
        }
        return key;
    }

    private static Layout layout(Path file) throws SQLException, IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("%s cannot be read".formatted(file));
        }
        String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            String path = Sql.text(file.toString());
            char delimiter;
            try (ResultSet row =
                    statement.executeQuery("SELECT \"Delimiter\" FROM sniff_csv(%s, header = true)".formatted(path))) {
                row.next();
                delimiter = row.getString(1).charAt(0);
            }
            Map<String, String> columns = new LinkedHashMap<>();
            try (ResultSet row = statement.executeQuery(
                    "DESCRIBE SELECT * FROM read_csv(%s, header = true, sample_size = -1)".formatted(path))) {
                while (row.next()) {
                    columns.put(row.getString(1), type(row.getString(2)));
                }
            }
            statement.execute("CREATE VIEW texts AS SELECT * FROM read_csv(%s, header = true, all_varchar = true)"
                    .formatted(path));
            for (Map.Entry<String, String> column : columns.entrySet()) {
                if (column.getValue().equals("bigint")
                        && flag(
                                statement,
                                "SELECT coalesce(bool_or(regexp_matches(%s, %s)), false) FROM texts"
                                        .formatted(Sql.name(column.getKey()), Sql.text(LEADING_ZERO)))) {
                    column.setValue("text");
                }
            }
            boolean keyed = flag(
                    statement,
                    "SELECT count(*) > 0 AND count(DISTINCT %1$s) = count(*) FROM texts"
                            .formatted(Sql.name(columns.keySet().iterator().next())));
            return new Layout(name, delimiter, columns, keyed);
        } catch (SQLException e) {
            throw new IOException(
                    "%s is no CSV file with a header that can be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static boolean flag(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Exact where DuckDB would take a binary fraction: a price is one. */
    private static String type(String duckDb) {
        return switch (duckDb) {
            case "BIGINT", "INTEGER", "HUGEINT" -> "bigint";
            case "DOUBLE", "FLOAT" -> "numeric";
            case "BOOLEAN" -> "boolean";
            case "DATE" -> "date";
            case "TIME" -> "time";
            case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" -> "timestamptz";
            default -> "text";
        };
    }
}
