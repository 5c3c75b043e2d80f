package dev.wadi.generator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import dev.wadi.engine.Sql;
import dev.wadi.table.Lake;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the lake with a {@link Truth} and tells each difference. DuckDB does it, so that neither has to fit in memory. */
public final class Verification {
    private final Lake lake;
    private final LakeReader reader;
    private final boolean amongOthers;
    private final Consumer<String> tell;
    private long differences;

    /**
     * @param amongOthers whether the stream has had other events, too: then what the truth does not name is not looked at
     * @param tell hears of each difference
     */
    public Verification(Lake lake, LakeReader reader, boolean amongOthers, Consumer<String> tell) {
        this.lake = lake;
        this.reader = reader;
        this.amongOthers = amongOthers;
        this.tell = tell;
    }

    /** How many rows a table may have. */
    private record Bounds(long least, long most) {
        @Override
        public String toString() {
            return least == most ? Long.toString(least) : least + " to " + most;
        }
    }

    /** What a truth says, but for its rows. */
    private record Claims(Map<TableName, Bounds> counts, Set<TableName> tables) {}

    /**
     * Returns the number of differences.
     *
     * @throws IllegalArgumentException when the file is no truth
     */
    public long run(Path truth) throws IOException {
        differences = 0;
        Claims claims = claims(truth);
        Set<TableName> there = new TreeSet<>(lake.tables());
        Set<TableName> pinned = new TreeSet<>(claims.counts().keySet());
        pinned.addAll(claims.tables());
        pinned.retainAll(there);
        try (Pin pin = reader.pin(pinned);
                Statement statement = pin.connection().createStatement()) {
            for (Map.Entry<TableName, Bounds> each : claims.counts().entrySet()) {
                count(statement, there, each.getKey(), each.getValue());
            }
            load(pin, truth);
            for (TableName table : claims.tables()) {
                rows(statement, there.contains(table), contract(table));
            }
            statement.execute("DROP TABLE temp.truth");
        } catch (SQLException e) {
            throw new IllegalStateException("%s cannot be compared: %s".formatted(truth, e.getMessage()), e);
        }
        return differences;
    }

    private Contract contract(TableName table) {
        return lake.contract(table)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no contract describes %s: is WADI_SCHEMAS_DIR the one that the lake was filled with?"
                                .formatted(table)));
    }

    /** The rows stand behind the rest, so that this reads on as far as it must. */
    private static Claims claims(Path truth) throws IOException {
        Map<TableName, Bounds> counts = new TreeMap<>();
        Set<TableName> tables = new TreeSet<>();
        try (BufferedReader lines = Files.newBufferedReader(truth)) {
            String first = lines.readLine();
            JsonNode sent = first == null ? null : Truth.JSON.readTree(first);
            if (sent == null || !sent.hasNonNull("stream")) {
                throw new IllegalArgumentException(
                        "%s is no truth: write one with generate --truth FILE".formatted(truth));
            }
            tables.add(SyntheticStream.named(sent.get("stream").asText()).silver());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode claim = Truth.JSON.readTree(line);
                if (claim.has("row")) {
                    break;
                }
                long rows = claim.path("rows").asLong();
                counts.put(
                        TableName.parse(claim.path("table").asText()),
                        new Bounds(
                                claim.path("least").asLong(rows),
                                claim.path("most").asLong(rows)));
            }
        }
        return new Claims(counts, tables);
    }

    private void count(Statement statement, Set<TableName> there, TableName table, Bounds bounds) throws SQLException {
        long rows = 0;
        if (there.contains(table)) {
            try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + name(table))) {
                row.next();
                rows = row.getLong(1);
            }
        }
        if (rows < bounds.least() || rows > bounds.most() && !amongOthers) {
            String expected = amongOthers ? "at least " + bounds.least() : bounds.toString();
            differ("%s: %d rows, and %s are to be there%s"
                    .formatted(table, rows, expected, rows > 0 ? reasons(statement, table) : ""));
        }
    }

    private static String reasons(Statement statement, TableName table) throws SQLException {
        if (!table.layer().equals("quarantine")) {
            return "";
        }
        List<String> reasons = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT reason, count(*) FROM %s GROUP BY reason ORDER BY reason".formatted(name(table)))) {
            while (row.next()) {
                reasons.add("%s %d".formatted(row.getString(1), row.getLong(2)));
            }
        }
        return " (" + String.join(", ", reasons) + ")";
    }

    private static void load(Pin pin, Path truth) throws SQLException {
        try (PreparedStatement load = pin.connection().prepareStatement("""
                CREATE OR REPLACE TEMP TABLE truth AS
                SELECT json_extract_string(json, '$.table') AS name,
                    list_prepend(json_extract(json, '$.row'), coalesce(CAST(json_extract(json, '$.or') AS JSON[]), [])) AS choices
                FROM read_ndjson_objects(?)
                WHERE json_exists(json, '$.row')""")) {
            load.setString(1, truth.toAbsolutePath().toString());
            load.execute();
        }
    }

    private void rows(Statement statement, boolean there, Contract contract) throws SQLException {
        String table = contract.table().toString();
        List<Column> columns = compared(contract);
        String type = columns.stream()
                .map(column -> Sql.name(column.name()) + " " + column.type().sql())
                .collect(Collectors.joining(", ", "STRUCT(", ")"));
        String lakeRow = columns.stream()
                .map(column -> "%1$s := %1$s".formatted(Sql.name(column.name())))
                .collect(Collectors.joining(", ", "struct_pack(", ")"));
        String lakeRows = there
                ? "SELECT %s AS found FROM %s".formatted(lakeRow, name(contract.table()))
                : "SELECT CAST(NULL AS %s) AS found WHERE false".formatted(type);
        String keys = contract.primaryKey().stream()
                .map(key -> "truth.choices[1].%1$s = lake.found.%1$s".formatted(Sql.name(key)))
                .collect(Collectors.joining(" AND "));
        Function<String, String> key = side -> contract.primaryKey().stream()
                .map(name -> "%s.%s".formatted(side, Sql.name(name)))
                .collect(Collectors.joining(", ", "[", "]::VARCHAR[]"));
        String query = """
                SELECT array_to_string(CASE WHEN choices IS NULL THEN %2$s ELSE %1$s END, ', '), CAST(to_json(choices[1]) AS VARCHAR), CAST(to_json(found) AS VARCHAR)
                FROM (SELECT CAST(list_transform(choices, lambda choice: json_transform(choice, %3$s)) AS %4$s[]) AS choices
                      FROM temp.truth WHERE name = %5$s) AS truth
                %8$s JOIN (%6$s) AS lake ON %7$s
                WHERE found IS NULL OR choices IS NULL
                    OR len(list_filter(choices, lambda choice: choice IS NOT DISTINCT FROM found)) = 0
                ORDER BY 1""".formatted(
                        key.apply("choices[1]"),
                        key.apply("found"),
                        Sql.text(structure(columns)),
                        type,
                        Sql.text(table),
                        lakeRows,
                        keys,
                        amongOthers ? "LEFT" : "FULL");
        try (ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                differ("%s %s: %s".formatted(table, row.getString(1), words(row.getString(2), row.getString(3))));
            }
        }
    }

    /** All that the contract stores, but what says where a row came from and a document as a whole. */
    private static List<Column> compared(Contract contract) {
        return contract.columns().stream()
                .filter(column -> column.stored() && !column.provenance() && column.type() != ColumnType.Simple.JSON)
                .toList();
    }

    private static String structure(List<Column> columns) {
        ObjectNode structure = Truth.JSON.createObjectNode();
        columns.forEach(column -> structure.put(column.name(), column.type().sql()));
        return structure.toString();
    }

    private static String words(@Nullable String expected, @Nullable String found) {
        if (found == null) {
            return "is missing";
        }
        if (expected == null) {
            return "is not to be there";
        }
        try {
            JsonNode right = Truth.JSON.readTree(expected);
            JsonNode wrong = Truth.JSON.readTree(found);
            List<String> columns = new ArrayList<>();
            for (Iterator<String> names = right.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!right.get(name).equals(wrong.get(name))) {
                    columns.add("%s is %s, and is to be %s".formatted(name, wrong.get(name), right.get(name)));
                }
            }
            return String.join("; ", columns);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String name(TableName table) {
        return Sql.name(table.layer()) + "." + Sql.name(table.name());
    }

    private void differ(String words) {
        differences++;
        tell.accept(words);
    }
}
