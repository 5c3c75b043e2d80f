package dev.wadi.interop;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.merge.ChangeFeed;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.merge.MergeOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A lake of one table, {@code silver.NAME}, merged into by Wadi's own classes. The key is {@code id}; {@code seq} is the
 * sequence.
 */
final class Wadi implements AutoCloseable {
    private final MergeInProcess lake;
    private final TableName table;
    private final Path folder;

    /**
     * @param folder an empty one, or one that an earlier Wadi left
     * @param columns besides {@code id} and {@code seq}: {@code "name TYPE"}, followed by {@code partitioned} for the
     *     columns whose values become folders; or the whole property in YAML, {@code {name: n, ...}}
     */
    Wadi(Path folder, String name, boolean deletionVectors, String... columns) throws IOException {
        this.table = new TableName("silver", name);
        this.folder = folder.resolve("lake").resolve("silver").resolve(name);
        Path contracts = Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(contracts.resolve(name + ".odcs.yaml"), contract(name, deletionVectors, columns));
        this.lake = new MergeInProcess(folder, Contracts.load(contracts), "512MB", 2, "64MB");
    }

    private static String contract(String name, boolean deletionVectors, String... columns) {
        StringBuilder text = new StringBuilder("""
                apiVersion: v3.1.0
                kind: DataContract
                id: silver.%s
                version: 1.0.0
                status: active
                schema:
                  - name: %s
                    physicalName: silver.%s
                    description: What others read and change too.
                    customProperties:
                      - {property: sequenceBy, value: [seq]}
                      - {property: deletionVectors, value: %s}
                    properties:
                      - {name: id, physicalType: STRING, logicalType: string, required: true, primaryKey: true}
                      - {name: seq, physicalType: LONG, logicalType: integer, required: true}
                """.formatted(name, name, name, deletionVectors));
        for (String column : columns) {
            if (column.startsWith("{")) {
                text.append("      - ").append(column).append('\n');
                continue;
            }
            List<String> words = List.of(column.split(" ", -1));
            text.append("      - {name: %s, physicalType: \"%s\", logicalType: %s%s}\n"
                    .formatted(
                            words.get(0),
                            words.get(1),
                            logicalType(words.get(1)),
                            words.contains("partitioned") ? ", partitioned: true" : ""));
        }
        return text.toString();
    }

    private static String logicalType(String type) {
        return switch (Pattern.compile("\\(.*").matcher(type).replaceAll("")) {
            case "SMALLINT", "INTEGER", "LONG" -> "integer";
            case "FLOAT", "DOUBLE", "DECIMAL" -> "number";
            case "JSON" -> "object";
            case "BINARY" -> "string";
            default -> type.toLowerCase(java.util.Locale.ROOT);
        };
    }

    /** Where the table is. */
    Path folder() {
        return folder;
    }

    /** Merges what a SELECT gives. */
    MergeOutcome merge(String sql) {
        return lake.merge(table, sql);
    }

    int compact() {
        return lake.compact(table);
    }

    /** A feed of all versions. */
    ChangeFeed feed() {
        return lake.feed(table);
    }

    long version() {
        return lake.lake().table(table).latest().version();
    }

    /** How many data files the newest version has, and how many of them have a deletion vector. */
    int files() {
        return lake.lake().table(table).latest().files().size();
    }

    long filesWithVector() {
        return lake.lake().table(table).latest().files().values().stream()
                .filter(file -> file.vector() != null)
                .count();
    }

    List<String> rows() throws SQLException {
        return Rows.of(ask("SELECT * FROM %s"));
    }

    /** In the SELECT, {@code %s} stands for the table. */
    List<List<@Nullable String>> ask(String sql) throws SQLException {
        try (Pin pin = lake.reader().pin(Set.of(table));
                Statement statement = pin.connection().createStatement()) {
            return Rows.read(statement, sql.replace("%s", table.toString()));
        }
    }

    @Override
    public void close() {
        lake.close();
    }
}
