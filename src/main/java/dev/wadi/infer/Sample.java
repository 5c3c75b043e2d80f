package dev.wadi.infer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * The events of a sample file, at most {@value #MOST}, read into a guess for each field.
 *
 * @param whole a guess whose fields are those of an event
 * @param flat whether it is CSV or Parquet: a row of columns
 */
record Sample(Path file, Guess whole, long events, boolean flat) {
    static final int MOST = 200_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws IOException saying what is wrong with the file and what it may be */
    static Sample read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("%s cannot be read: name a file of CSV, NDJSON or Parquet".formatted(file));
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        Sample sample;
        if (name.endsWith(".parquet")) {
            sample = rows(file, "read_parquet('%s')", true);
        } else if (name.endsWith(".csv") || name.endsWith(".csv.gz") || name.endsWith(".tsv")) {
            sample = rows(file, "read_csv('%s', header = true, all_varchar = true)", false);
        } else {
            sample = lines(file);
        }
        if (sample.events() == 0) {
            throw new IOException("%s has no event: a sample needs one, better a few thousand".formatted(file));
        }
        return sample;
    }

    /** Where a guess comes from, in words. */
    String origin() {
        return "Guessed by `wadi infer` from %d events of %s".formatted(events, file.getFileName());
    }

    private static Sample lines(Path file) throws IOException {
        Guess whole = new Guess("");
        long events = 0;
        long number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null && events < MOST; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                JsonNode event = event(file, number, line);
                whole.add(event, false);
                events++;
            }
        }
        return new Sample(file, whole, events, false);
    }

    private static JsonNode event(Path file, long number, String line) throws IOException {
        try {
            JsonNode event = JSON.readTree(line);
            if (event.isObject()) {
                return event;
            }
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "%s:%d is no JSON (%s): a sample is NDJSON, an object a line, or ends in .csv or .parquet"
                            .formatted(file, number, e.getOriginalMessage()),
                    e);
        }
        throw new IOException("%s:%d is no JSON object: an event is one".formatted(file, number));
    }

    /** Columns as texts; those of Parquet know their type, and are written so that it is found again. */
    private static Sample rows(Path file, String reader, boolean typed) throws IOException {
        Guess whole = new Guess("");
        long events = 0;
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            String from = reader.formatted(file.toString().replace("'", "''"));
            try (ResultSet row = statement.executeQuery("SELECT * FROM %s LIMIT %d".formatted(from, MOST))) {
                int columns = row.getMetaData().getColumnCount();
                while (row.next()) {
                    ObjectNode event = JSON.createObjectNode();
                    for (int i = 1; i <= columns; i++) {
                        put(event, row, i, typed);
                    }
                    whole.add(event, !typed);
                    events++;
                }
            }
        } catch (SQLException e) {
            throw new IOException("%s cannot be read as rows: %s".formatted(file, e.getMessage()), e);
        }
        return new Sample(file, whole, events, true);
    }

    private static void put(ObjectNode event, ResultSet row, int column, boolean typed) throws SQLException {
        String name = row.getMetaData().getColumnName(column);
        String text = row.getString(column);
        if (text == null) {
            event.putNull(name);
            return;
        }
        String type = typed ? row.getMetaData().getColumnTypeName(column) : "VARCHAR";
        switch (type) {
            case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" ->
                event.put(name, row.getLong(column));
            case "BOOLEAN" -> event.put(name, row.getBoolean(column));
            case "FLOAT", "DOUBLE" -> event.put(name, row.getDouble(column));
            case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" ->
                event.put(
                        name,
                        row.getObject(column) instanceof java.time.OffsetDateTime time
                                ? time.toInstant().toString()
                                : row.getTimestamp(column).toInstant().toString());
            default -> {
                if (type.startsWith("DECIMAL")) {
                    event.put(name, row.getBigDecimal(column));
                } else {
                    event.put(name, text);
                }
            }
        }
    }
}
