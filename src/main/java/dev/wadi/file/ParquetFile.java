package dev.wadi.file;

import dev.wadi.contract.EventShape;
import dev.wadi.contract.EventShape.Type;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.EngineException;
import dev.wadi.engine.Sql;
import dev.wadi.event.FlatRow;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Parquet, read by DuckDB. A struct that the stream has as an object is taken apart into its fields, so that each is held
 * against the contract as a column of its name would be; other structs, maps and lists come as JSON.
 */
final class ParquetFile implements RowFile {
    private final Connection session;
    private final Statement statement;
    private final ResultSet rows;
    private final FlatRow row;
    private final @Nullable String[] values;
    private final ChunkBuilder chunk = new ChunkBuilder("row");

    /** @param sql an expression that gives the value as text */
    private record Source(FlatRow.Column column, String sql) {}

    private record Described(String name, String type) {}

    static ParquetFile open(DuckDb duckDb, Path file, EventShape shape, FileFormat format) throws IOException {
        Connection session = duckDb.open();
        try {
            return new ParquetFile(session, file, shape, format);
        } catch (SQLException | RuntimeException e) {
            close(session);
            if (e instanceof SQLException broken) {
                throw broken(broken);
            }
            throw (RuntimeException) e;
        }
    }

    private ParquetFile(Connection session, Path file, EventShape shape, FileFormat format) throws SQLException {
        this.session = session;
        statement = session.createStatement();
        String table = "read_parquet(%s, hive_partitioning = false".formatted(Sql.text(file.toString()));
        List<Source> sources = new ArrayList<>();
        for (Described column : describe("SELECT * FROM " + table + ")")) {
            EventShape.Field field = field(shape.fields(), column.name());
            add(sources, table + ")", column, column.name(), Sql.name(column.name()), field);
        }
        try {
            row = FlatRow.typed(shape, sources.stream().map(Source::column).toList(), format.flat());
        } catch (IllegalArgumentException e) {
            throw new UnreadableFileException("The columns of the file do not fit: %s.".formatted(e.getMessage()), e);
        }
        if (row.known() == 0 || !row.missing().isEmpty()) {
            throw new UnreadableFileException(
                    "The columns of the file (%s) lack what every event of the stream %s must have: %s. Add the columns."
                            .formatted(
                                    sources.stream()
                                            .map(source -> source.column().name())
                                            .collect(Collectors.joining(", ")),
                                    shape.stream(),
                                    String.join(", ", row.missing())));
        }
        values = new String[sources.size()];
        rows = statement.executeQuery("SELECT file_row_number, %s FROM %s, file_row_number = true)"
                .formatted(sources.stream().map(Source::sql).collect(Collectors.joining(", ")), table));
    }

    private List<Described> describe(String sql) throws SQLException {
        List<Described> columns = new ArrayList<>();
        try (ResultSet described = statement.executeQuery("DESCRIBE " + sql)) {
            while (described.next()) {
                columns.add(new Described(described.getString(1), described.getString(2)));
            }
        }
        return columns;
    }

    private void add(
            List<Source> sources,
            String table,
            Described column,
            String path,
            String sql,
            EventShape.@Nullable Field field)
            throws SQLException {
        boolean isStruct = column.type().startsWith("STRUCT(") && !column.type().endsWith("]");
        if (isStruct && field != null && !field.fields().isEmpty()) {
            for (Described inner : describe("SELECT unnest(%s) FROM %s".formatted(sql, table))) {
                add(
                        sources,
                        table,
                        inner,
                        path + "." + inner.name(),
                        "struct_extract(%s, %s)".formatted(sql, Sql.text(inner.name())),
                        field(field.fields(), inner.name()));
            }
            return;
        }
        Type type = type(column.type());
        boolean nested = type == Type.OBJECT || type == Type.ARRAY;
        sources.add(new Source(
                new FlatRow.Column(path, type),
                nested ? "to_json(%s)::VARCHAR".formatted(sql) : "%s::VARCHAR".formatted(sql)));
    }

    private static EventShape.@Nullable Field field(List<EventShape.Field> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst()
                .orElse(null);
    }

    /** What a column is that the contract does not know. */
    private static Type type(String sql) {
        String type = sql.toUpperCase(Locale.ROOT);
        if (type.endsWith("]")) {
            return Type.ARRAY;
        }
        if (type.startsWith("STRUCT(") || type.startsWith("MAP(")) {
            return Type.OBJECT;
        }
        if (type.startsWith("DECIMAL") || type.equals("DOUBLE") || type.equals("FLOAT")) {
            return Type.NUMBER;
        }
        return type.equals("BOOLEAN")
                ? Type.BOOLEAN
                : type.endsWith("INT") || type.equals("INTEGER") || type.equals("UINTEGER")
                        ? Type.INTEGER
                        : Type.STRING;
    }

    @Override
    public @Nullable Chunk next() {
        try {
            while (!chunk.isFull() && rows.next()) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = rows.getString(i + 2);
                }
                row.write(values, chunk.events());
                chunk.wrote(rows.getLong(1) + 1);
            }
            return chunk.take();
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    /** Lack of memory says nothing about the file, and may pass. */
    private static RuntimeException broken(SQLException e) {
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (reason.contains("Out of Memory") || reason.contains("INTERRUPT")) {
            return new EngineException("DuckDB could not read a Parquet file: " + reason, e);
        }
        return new UnreadableFileException(
                "The file is not Parquet, or it is damaged: %s. Write it again.".formatted(reason), e);
    }

    @Override
    public void close() {
        close(session);
    }

    private static void close(Connection session) {
        try {
            session.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB did not close a session: " + e.getMessage(), e);
        }
    }
}
