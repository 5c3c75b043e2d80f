package dev.wadi.engine;

import dev.wadi.table.DataFile;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;

/**
 * Some files of a table as one SQL relation of their live rows: columns by Parquet field id, so that a column that a file
 * does not have is null; rows that a deletion vector marks are left out; partition values come from the log.
 *
 * <p>DuckDB numbers the files of a scan from 0 in the order of the list ({@code file_index}). A small table holds, by that
 * number, what the files themselves do not: the deleted rows as a bit string, and the partition values. Testing a bit is ten
 * times cheaper than an anti join with the deleted row numbers.
 */
public final class FileScan {
    private final DeltaTable table;
    private final TableSnapshot snapshot;
    private final List<DataFile> files;
    private final boolean ignoreVectors;

    private FileScan(DeltaTable table, TableSnapshot snapshot, Collection<DataFile> files, boolean ignoreVectors) {
        this.table = table;
        this.snapshot = snapshot;
        this.files = files.stream().filter(file -> file.rows() != 0).toList();
        this.ignoreVectors = ignoreVectors;
    }

    /** The live rows of a version. */
    public static FileScan live(DeltaTable table, TableSnapshot snapshot) {
        return new FileScan(table, snapshot, snapshot.files().values(), false);
    }

    /** The live rows of some files of a version. */
    public static FileScan live(DeltaTable table, TableSnapshot snapshot, Collection<DataFile> files) {
        return new FileScan(table, snapshot, files, false);
    }

    /** All rows of files, as they were when a version added them. */
    public static FileScan asAdded(DeltaTable table, TableSnapshot snapshot, Collection<DataFile> files) {
        return new FileScan(table, snapshot, files, true);
    }

    /** The file of a {@code file_index}. */
    public DataFile file(int index) {
        return files.get(index);
    }

    public boolean isEmpty() {
        return files.isEmpty();
    }

    private boolean needsSide() {
        return !snapshot.partitionColumns().isEmpty() || hasVectors();
    }

    private boolean hasVectors() {
        return !ignoreVectors && files.stream().anyMatch(file -> file.vector() != null);
    }

    private static String partitionColumn(int number) {
        return "p" + number;
    }

    /**
     * Creates what {@link #select} refers to.
     *
     * @param workspace where the table by file number is created, when it is needed
     * @param name its name there, from code
     */
    public void prepare(Workspace workspace, String name) throws SQLException {
        if (!needsSide()) {
            return;
        }
        int partitions = snapshot.partitionColumns().size();
        String columns = IntStream.range(0, partitions)
                .mapToObj(number -> ", " + partitionColumn(number) + " VARCHAR")
                .collect(Collectors.joining());
        String raw = workspace.table(name + "_raw");
        workspace.execute("CREATE OR REPLACE TABLE " + raw + " (file_index BIGINT, deleted BLOB" + columns + ")");
        try (DuckDBAppender rows = workspace.appender(name + "_raw")) {
            for (int index = 0; index < files.size(); index++) {
                appendFile(rows, index, partitions);
            }
        }
        workspace.execute("CREATE OR REPLACE TABLE %s AS SELECT * REPLACE (deleted::BIT AS deleted) FROM %s"
                .formatted(workspace.table(name), raw));
    }

    private void appendFile(DuckDBAppender rows, int index, int partitions) throws SQLException {
        DataFile file = files.get(index);
        rows.beginRow();
        rows.append((long) index);
        if (ignoreVectors || file.vector() == null) {
            rows.appendNull();
        } else {
            rows.append(table.deleted(file).toBits(file.rows()));
        }
        for (int number = 0; number < partitions; number++) {
            String value = file.partition().get(physical(number));
            if (value == null) {
                rows.appendNull();
            } else {
                rows.append(value);
            }
        }
        rows.endRow();
    }

    private String physical(int partition) {
        String name = snapshot.partitionColumns().get(partition);
        for (TableColumn column : snapshot.columns()) {
            if (column.name().equals(name)) {
                return column.physicalName();
            }
        }
        throw new IllegalStateException("%s has no column for its partition %s".formatted(snapshot.table(), name));
    }

    /**
     * A SELECT of the live rows.
     *
     * @param side the qualified name of what {@link #prepare} made
     * @param columns the columns wanted, by logical name
     * @param positions whether {@code file_index} and {@code file_row_number} are wanted too
     */
    public String select(String side, Collection<String> columns, boolean positions) {
        List<String> outputs = new ArrayList<>();
        for (String name : columns) {
            outputs.add(expression(name) + " AS " + Sql.name(name));
        }
        if (files.isEmpty()) {
            if (positions) {
                outputs.add("NULL::BIGINT AS file_index");
                outputs.add("NULL::BIGINT AS file_row_number");
            }
            return "SELECT " + String.join(", ", outputs) + " WHERE false";
        }
        if (positions) {
            outputs.add("t.file_index::BIGINT AS file_index");
            outputs.add("t.file_row_number AS file_row_number");
        }
        String sql = "SELECT " + String.join(", ", outputs) + " FROM read_parquet(" + fileList() + ", schema = "
                + fieldMap(columns) + ", file_row_number = true) t";
        if (needsSide()) {
            sql += " JOIN " + side + " s ON s.file_index = t.file_index";
        }
        if (hasVectors()) {
            sql += " WHERE s.deleted IS NULL OR get_bit(s.deleted, t.file_row_number::INTEGER) = 0";
        }
        return sql;
    }

    private String expression(String name) {
        if (files.isEmpty()) {
            return "NULL::" + column(name).sql();
        }
        int partition = snapshot.partitionColumns().indexOf(name);
        return partition < 0
                ? "t." + Sql.name(name)
                : "s." + partitionColumn(partition) + "::" + column(name).sql();
    }

    private TableColumn column(String name) {
        for (TableColumn column : snapshot.columns()) {
            if (column.name().equals(name)) {
                return column;
            }
        }
        throw new IllegalArgumentException("%s has no column %s".formatted(snapshot.table(), name));
    }

    private String fileList() {
        return files.stream().map(file -> Sql.text(location(file))).collect(Collectors.joining(",", "[", "]"));
    }

    private String location(DataFile file) {
        String path = URI.create(file.path()).getPath();
        return path.startsWith("/") ? path : snapshot.folder() + "/" + path;
    }

    /** Parquet field id to name and type, as DuckDB's {@code schema} option takes it. */
    private String fieldMap(Collection<String> wanted) {
        String fields = snapshot.columns().stream()
                .filter(column -> wanted.contains(column.name())
                        && !snapshot.partitionColumns().contains(column.name()))
                .map(column -> "%s: {name: %s, type: %s, default_value: NULL}"
                        .formatted(
                                column.id() < 0 ? Sql.text(column.physicalName()) : Integer.toString(column.id()),
                                Sql.text(column.name()),
                                Sql.text(column.sql())))
                .collect(Collectors.joining(", "));
        return "MAP {" + fields + "}";
    }
}
