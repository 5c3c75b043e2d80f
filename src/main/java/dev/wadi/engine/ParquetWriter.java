package dev.wadi.engine;

import dev.wadi.table.Change.NewFile;
import dev.wadi.table.DataFile;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes rows as Parquet files of a Delta table, with field ids and statistics. The caller syncs and commits them. */
public final class ParquetWriter {
    /** How tightly files are compressed. Reading takes the same time. */
    public enum Packing {
        /** While somebody waits. */
        QUICK(1),
        /** Takes four times as long, and the files of events are an eighth smaller. */
        TIGHT(9);

        /** Of zstd. */
        private final int level;

        Packing(int level) {
            this.level = level;
        }
    }

    private ParquetWriter() {}

    /**
     * Writes the result of a SELECT.
     *
     * @param select gives all columns of the table by their logical names
     * @param moved whether the rows were in the table before
     * @return the files, none for no rows; paths relative to the table's folder
     */
    public static List<NewFile> write(Connection session, String select, TableSnapshot table, boolean moved)
            throws SQLException {
        boolean partitioned = !table.partitionColumns().isEmpty();
        String target = partitioned ? table.folder() : table.folder() + "/" + newName();
        StringBuilder copy = new StringBuilder("COPY (SELECT ")
                .append(columns(table.columns()))
                .append(" FROM (")
                .append(select)
                .append(")) TO ")
                .append(Sql.text(target))
                .append(options(table, Packing.QUICK));
        if (partitioned) {
            copy.append(", PARTITION_BY (")
                    .append(table.partitionColumns().stream()
                            .map(name -> Sql.name(physicalName(table, name)))
                            .collect(Collectors.joining(", ")))
                    .append("), FILENAME_PATTERN 'part-{uuid}', OVERWRITE_OR_IGNORE true");
        }
        List<NewFile> files = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet written = statement.executeQuery(copy.append(')').toString())) {
            while (written.next()) {
                long rows = written.getLong("count");
                if (rows > 0) {
                    files.add(file(written, rows, table, partition(written), moved));
                }
            }
        }
        return files;
    }

    /** The id of a column, with those of the fields within it: {@code {__duckdb_field_id: 2, "street": 3}}. */
    private static String fieldIds(TableColumn column) {
        if (column.fields().isEmpty()) {
            return Integer.toString(column.id());
        }
        List<String> ids = new ArrayList<>();
        if (column.id() >= 0) {
            ids.add("__duckdb_field_id: " + column.id());
        }
        for (TableColumn field : column.fields()) {
            if (field.id() >= 0 || !field.fields().isEmpty()) {
                ids.add(Sql.name(field.physicalName()) + ": " + fieldIds(field));
            }
        }
        return "{" + String.join(", ", ids) + "}";
    }

    /**
     * Writes the result of a SELECT, in an order, as one file of one partition.
     *
     * @param order the columns to sort by, as SQL; other columns of {@code select} than the table's may be among them
     * @param beside the file goes to the folder of this one, which is of the same partition
     * @param packing how much work its size is worth
     * @return the file; empty for no rows
     */
    public static Optional<NewFile> writeSorted(
            Connection session, String select, String order, TableSnapshot table, DataFile beside, Packing packing)
            throws SQLException {
        String path = URI.create(beside.path()).getPath();
        int slash = path.startsWith("/") ? -1 : path.lastIndexOf('/');
        List<TableColumn> columns = table.columns().stream()
                .filter(column -> !table.partitionColumns().contains(column.name()))
                .toList();
        String copy = "COPY (SELECT %s FROM (%s) ORDER BY %s) TO %s%s)"
                .formatted(
                        columns(columns),
                        select,
                        order,
                        Sql.text(table.folder() + "/" + path.substring(0, slash + 1) + newName()),
                        options(table, packing));
        try (Statement statement = session.createStatement();
                ResultSet written = statement.executeQuery(copy)) {
            if (written.next() && written.getLong("count") > 0) {
                return Optional.of(file(written, written.getLong("count"), table, beside.partition(), true));
            }
            return Optional.empty();
        }
    }

    private static String newName() {
        return "part-" + UUID.randomUUID() + ".parquet";
    }

    private static String columns(List<TableColumn> columns) {
        return columns.stream()
                .map(column ->
                        Renaming.physical(column, Sql.name(column.name())) + " AS " + Sql.name(column.physicalName()))
                .collect(Collectors.joining(", "));
    }

    private static String options(TableSnapshot table, Packing packing) {
        String ids = table.columns().stream()
                .filter(column -> column.id() >= 0 && !table.partitionColumns().contains(column.name()))
                .map(column -> Sql.name(column.physicalName()) + ": " + fieldIds(column))
                .collect(Collectors.joining(", "));
        String options =
                " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL %d, RETURN_STATS true".formatted(packing.level);
        return ids.isEmpty() ? options : options + ", FIELD_IDS {" + ids + "}";
    }

    private static String physicalName(TableSnapshot table, String name) {
        return table.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .map(TableColumn::physicalName)
                .orElse(name);
    }

    private static Map<String, @Nullable String> partition(ResultSet written) throws SQLException {
        Map<String, @Nullable String> partition = new HashMap<>();
        if (written.getObject("partition_keys") instanceof Map<?, ?> keys) {
            keys.forEach((name, value) -> partition.put(unquote(String.valueOf(name)), (String) value));
        }
        return partition;
    }

    private static NewFile file(
            ResultSet written, long rows, TableSnapshot table, Map<String, @Nullable String> partition, boolean moved)
            throws SQLException {
        String location = written.getString("filename");
        String relative = location.substring(table.folder().length() + 1);
        Map<?, ?> statistics = (Map<?, ?>) written.getObject("column_statistics");
        return new NewFile(
                encode(relative),
                partition,
                written.getLong("file_size_bytes"),
                rows,
                FileStatistics.json(rows, table.columns(), statistics),
                moved);
    }

    private static String unquote(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    /** Paths in the Delta log are URIs. */
    private static String encode(String path) {
        StringBuilder encoded = new StringBuilder();
        for (String part : path.split("/", -1)) {
            if (!encoded.isEmpty()) {
                encoded.append('/');
            }
            encoded.append(URLEncoder.encode(part, StandardCharsets.UTF_8)
                    .replace("+", "%20")
                    .replace("%3D", "="));
        }
        return encoded.toString();
    }
}
