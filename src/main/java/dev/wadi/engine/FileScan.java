package dev.wadi.engine;

import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.net.URI;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Some files of a table as one SQL relation of their live rows: columns by their physical names, so that a column that a
 * file does not have is null, and a value of a type that was widened since is cast; rows that a deletion vector marks are left out; partition values come from the log.
 *
 * <p>DuckDB numbers the files of a scan from 0 in the order of the list ({@code file_index}). What the files themselves do not
 * hold is looked up by that number in constant lists: partition values, and where the file's bits begin in one long bit
 * string of deleted rows. Looking up costs next to nothing; a join with the bit strings costs ten times the scan, because
 * it carries them along with every row.
 */
public final class FileScan {
    private final TableSnapshot snapshot;
    private final List<DataFile> files;
    private final Function<DataFile, @Nullable DeletedRows> deleted;

    private FileScan(
            TableSnapshot snapshot, Collection<DataFile> files, Function<DataFile, @Nullable DeletedRows> deleted) {
        this.snapshot = snapshot;
        this.files = files.stream().filter(file -> file.rows() != 0).toList();
        this.deleted = deleted;
    }

    /** The live rows of a version. */
    public static FileScan live(DeltaTable table, TableSnapshot snapshot) {
        return live(table, snapshot, snapshot.files().values());
    }

    /** The live rows of some files of a version. */
    public static FileScan live(DeltaTable table, TableSnapshot snapshot, Collection<DataFile> files) {
        return new FileScan(snapshot, files, file -> file.vector() == null ? null : table.deleted(file));
    }

    /** The rows of files but {@code deleted}, which are given for each of the files by path. */
    public static FileScan without(
            TableSnapshot snapshot, Collection<DataFile> files, Map<String, DeletedRows> deleted) {
        return new FileScan(snapshot, files, file -> deleted.get(file.path()));
    }

    /** The file of a {@code file_index}. */
    public DataFile file(int index) {
        return files.get(index);
    }

    /** The {@code file_index} of a file; -1 when it has no rows. */
    public int index(DataFile file) {
        return files.indexOf(file);
    }

    public boolean isEmpty() {
        return files.isEmpty();
    }

    private boolean hasVectors() {
        return files.stream().anyMatch(this::hasVector);
    }

    private boolean hasVector(DataFile file) {
        return deleted.apply(file) != null;
    }

    /**
     * Creates what {@link #select} refers to.
     *
     * @param workspace where the bits of the deleted rows are put, when there are any
     * @param name of their table there, from code
     */
    public void prepare(Workspace workspace, String name) throws SQLException {
        byte[] bits = deletedBits();
        if (bits == null) {
            return;
        }
        String target = workspace.table(name);
        workspace.execute("CREATE OR REPLACE TABLE " + target + " (deleted BIT)");
        try (PreparedStatement insert =
                workspace.session().prepareStatement("INSERT INTO " + target + " VALUES (?::BLOB::BIT)")) {
            insert.setBytes(1, bits);
            insert.executeUpdate();
        }
    }

    /**
     * The bits of the deleted rows, as the one {@code BLOB} that {@link #select} wants as {@code BIT} in the column
     * {@code deleted} of its side table; null when no file has deleted rows.
     */
    byte @Nullable [] deletedBits() throws SQLException {
        if (!hasVectors()) {
            return null;
        }
        long length =
                files.stream().filter(this::hasVector).mapToLong(this::room).sum();
        if (length > Integer.MAX_VALUE - 8) {
            throw new SQLException(
                    ("%s has deleted rows in files of %d rows together, more than Wadi can tell apart at once:"
                                    + " optimize the table")
                            .formatted(snapshot.table(), length));
        }
        byte[] bits = new byte[(int) ((length + 7) / 8)];
        long offset = 0;
        for (DataFile file : files) {
            DeletedRows rows = deleted.apply(file);
            if (rows != null) {
                rows.setBits(bits, offset);
                offset += room(file);
            }
        }
        return bits;
    }

    /** Where the files are. */
    List<String> locations() {
        return files.stream().map(this::location).toList();
    }

    /**
     * How many bits a file with a vector takes. Of a file that another engine wrote without statistics it is not known how
     * many rows it has: it takes one more than up to its last deleted row, and that one stands for all rows after it.
     */
    private long room(DataFile file) {
        DeletedRows rows = deleted.apply(file);
        return file.rows() >= 0 || rows == null ? file.rows() : rows.last() + 2;
    }

    /** The number of a row, none beyond the room of its file. */
    private String rowNumber() {
        if (files.stream().noneMatch(file -> file.rows() < 0 && hasVector(file))) {
            return "t.file_row_number";
        }
        String last = files.stream()
                .map(file -> hasVector(file) ? Long.toString(room(file) - 1) : "NULL")
                .collect(Collectors.joining(","));
        return "least(t.file_row_number, CAST([%s] AS BIGINT[])[t.file_index::BIGINT + 1])".formatted(last);
    }

    /** Whether a row is deleted, by the bit of its file and number; a file without a vector has no place in the list. */
    private String notDeleted(String side) {
        StringBuilder offsets = new StringBuilder();
        long offset = 0;
        for (DataFile file : files) {
            offsets.append(offsets.isEmpty() ? "" : ",");
            if (hasVector(file)) {
                offsets.append(offset);
                offset += room(file);
            } else {
                offsets.append("NULL");
            }
        }
        return ("coalesce(get_bit((SELECT deleted FROM %s),"
                        + " (CAST([%s] AS BIGINT[])[t.file_index::BIGINT + 1] + %s)::INTEGER), 0) = 0")
                .formatted(side, offsets, rowNumber());
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
        return selectAll(columns, positions) + whereLive(side);
    }

    /**
     * The condition, with its WHERE, that leaves out deleted rows of {@link #selectAll} with positions, under the alias
     * {@code t}; empty when there are none. A search that leaves few rows is quicker when it asks for them last.
     */
    public String whereLive(String side) {
        return hasVectors() ? " WHERE " + notDeleted(side) : "";
    }

    /** Like {@link #select}, with the rows that are deleted. */
    public String selectAll(Collection<String> columns, boolean positions) {
        List<String> outputs = new ArrayList<>();
        for (String name : columns) {
            outputs.add(expression(name, isPlain(columns)) + " AS " + Sql.name(name));
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
        return "SELECT " + String.join(", ", outputs) + " FROM read_parquet(" + fileList()
                + (isPlain(columns) ? "" : ", schema = " + fieldMap(columns))
                + ", file_row_number = true, hive_partitioning = false) t";
    }

    /**
     * Whether the files can be read as they are. A map of columns keeps DuckDB from filtering while it reads, so that a search
     * for keys takes four times as long.
     */
    private boolean isPlain(Collection<String> wanted) {
        return wanted.stream()
                .allMatch(name -> snapshot.partitionColumns().contains(name)
                        || snapshot.inEveryFile().contains(column(name).physicalName()));
    }

    private String expression(String name, boolean plain) {
        if (files.isEmpty()) {
            return "NULL::" + column(name).sql();
        }
        int partition = snapshot.partitionColumns().indexOf(name);
        if (partition < 0) {
            TableColumn column = column(name);
            return plain
                    ? "CAST(t." + Sql.name(column.physicalName()) + " AS " + column.sql() + ")"
                    : Renaming.logical(column, "t." + Sql.name(name));
        }
        String physical = physical(partition);
        String values = files.stream()
                .map(file -> file.partition().get(physical))
                .map(value -> value == null ? "NULL" : Sql.text(value))
                .collect(Collectors.joining(","));
        return "CAST([%s] AS %s[])[t.file_index::BIGINT + 1]"
                .formatted(values, column(name).sql());
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

    /**
     * What to look for in the files, and under which name and type, as DuckDB's {@code schema} option takes it: physical
     * names, since a file may be older than the ids; ids only when the table says so. Within a column, fields go by name.
     */
    private String fieldMap(Collection<String> wanted) {
        boolean byId = "id".equals(snapshot.properties().get("delta.columnMapping.mode"));
        String fields = snapshot.columns().stream()
                .filter(column -> wanted.contains(column.name())
                        && !snapshot.partitionColumns().contains(column.name()))
                .map(column -> "%s: {name: %s, type: %s, default_value: NULL}"
                        .formatted(
                                byId ? Integer.toString(column.id()) : Sql.text(column.physicalName()),
                                Sql.text(column.name()),
                                Sql.text(column.physicalSql())))
                .collect(Collectors.joining(", "));
        return "MAP {" + fields + "}";
    }
}
