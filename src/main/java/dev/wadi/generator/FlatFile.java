package dev.wadi.generator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A CSV file of events being written; it may become a Parquet file of texts in the end. */
final class FlatFile implements AutoCloseable {
    private final Path file;
    private final List<String> columns;
    private final BufferedWriter out;
    private final StringBuilder row = new StringBuilder();

    FlatFile(Path file, List<String> columns) throws IOException {
        this.file = file;
        this.columns = columns;
        this.out = Files.newBufferedWriter(file);
        out.write(FlatText.header(columns));
    }

    void add(String text) throws IOException {
        JsonNode event = Truth.JSON.readTree(text);
        row.setLength(0);
        FlatText.row(event, columns, row);
        out.append(row);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Writes the rows of the closed file as Parquet. */
    void toParquet(Path to) throws IOException {
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute(
                    "COPY (SELECT * FROM read_csv(%s, header = true, all_varchar = true)) TO %s (FORMAT parquet)"
                            .formatted(quoted(file), quoted(to)));
        } catch (SQLException e) {
            throw new IOException("%s did not become %s: %s".formatted(file, to, e.getMessage()), e);
        }
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
