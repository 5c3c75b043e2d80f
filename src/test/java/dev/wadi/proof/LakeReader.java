package dev.wadi.proof;

import static io.delta.kernel.internal.util.Utils.singletonCloseableIterator;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads Delta tables with Kernel's own default reader, so that what the app wrote is judged by code that is not its own. */
public final class LakeReader {
    private static final Engine ENGINE = DefaultEngine.create(new LocalFileIO());

    private final Path lake;

    public LakeReader(Path lake) {
        this.lake = lake;
    }

    /** All rows of the newest version; none when there is no table. Numbers are Long, BigDecimal or Double. */
    public List<Map<String, @Nullable Object>> rows(String table) throws IOException {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        forEach(table, rows::add);
        return rows;
    }

    /**
     * A SELECT of the newest version's data files for plain DuckDB, with the names that the table gives its columns. Rows
     * that a deletion vector hides are still in it, and partition columns are not.
     *
     * @param more columns that DuckDB can add, such as {@code filename}
     */
    public String select(String table, String... more) throws IOException {
        Snapshot snapshot = snapshot(table);
        List<String> columns = new ArrayList<>(List.of(more));
        for (StructField field : snapshot.getSchema().fields()) {
            if (!snapshot.getPartitionColumnNames().contains(field.getName())) {
                String physical = field.getMetadata().getString("delta.columnMapping.physicalName");
                columns.add(
                        "\"%s\" AS \"%s\"".formatted(physical == null ? field.getName() : physical, field.getName()));
            }
        }
        String files = files(snapshot).stream()
                .map(file -> "'" + file.toString().replace("'", "''") + "'")
                .collect(Collectors.joining(", "));
        return "SELECT %s FROM read_parquet([%s], filename = true, file_row_number = true)"
                .formatted(String.join(", ", columns), files);
    }

    private static List<Path> files(Snapshot snapshot) throws IOException {
        List<Path> found = new ArrayList<>();
        Scan scan = snapshot.getScanBuilder().build();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(ENGINE)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        String path = InternalScanFileUtils.getAddFileStatus(rows.next())
                                .getPath();
                        found.add(LocalFileIO.path(path));
                    }
                }
            }
        }
        return found;
    }

    private void forEach(String table, Consumer<Map<String, @Nullable Object>> sink) throws IOException {
        if (!Files.isDirectory(folder(table).resolve("_delta_log"))) {
            return;
        }
        Scan scan = snapshot(table).getScanBuilder().build();
        Row state = scan.getScanState(ENGINE);
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(ENGINE)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> files = batches.next().getRows()) {
                    while (files.hasNext()) {
                        readFile(state, physical, files.next(), sink);
                    }
                }
            }
        }
    }

    private static void readFile(Row state, StructType physical, Row file, Consumer<Map<String, @Nullable Object>> sink)
            throws IOException {
        FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
        CloseableIterator<ColumnarBatch> data = ENGINE.getParquetHandler()
                .readParquetFiles(singletonCloseableIterator(status), physical, Optional.empty())
                .map(result -> result.getData());
        try (CloseableIterator<FilteredColumnarBatch> logical = Scan.transformPhysicalData(ENGINE, state, file, data)) {
            while (logical.hasNext()) {
                try (CloseableIterator<Row> rows = logical.next().getRows()) {
                    while (rows.hasNext()) {
                        sink.accept(values(rows.next()));
                    }
                }
            }
        }
    }

    private static Map<String, @Nullable Object> values(Row row) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        StructType schema = row.getSchema();
        for (int i = 0; i < schema.length(); i++) {
            values.put(schema.at(i).getName(), value(row, i, schema.at(i).getDataType()));
        }
        return values;
    }

    private static @Nullable Object value(Row row, int i, DataType type) {
        if (row.isNullAt(i)) {
            return null;
        }
        if (type instanceof StructType) {
            return values(row.getStruct(i));
        }
        if (type instanceof ArrayType array) {
            return items(row.getArray(i), array.getElementType());
        }
        if (type instanceof BinaryType) {
            return HexFormat.of().formatHex(row.getBinary(i));
        }
        if (type instanceof DecimalType) {
            return Json.plain(row.getDecimal(i));
        }
        if (type instanceof StringType) {
            return row.getString(i);
        }
        if (type.equals(LongType.LONG)) {
            return row.getLong(i);
        }
        if (type.equals(IntegerType.INTEGER)) {
            return (long) row.getInt(i);
        }
        if (type.equals(ShortType.SHORT)) {
            return (long) row.getShort(i);
        }
        if (type.equals(ByteType.BYTE)) {
            return (long) row.getByte(i);
        }
        if (type.equals(BooleanType.BOOLEAN)) {
            return row.getBoolean(i);
        }
        if (type.equals(DoubleType.DOUBLE)) {
            return row.getDouble(i);
        }
        if (type.equals(FloatType.FLOAT)) {
            return (double) row.getFloat(i);
        }
        if (type.equals(DateType.DATE)) {
            return LocalDate.ofEpochDay(row.getInt(i));
        }
        if (type.equals(TimestampType.TIMESTAMP) || type.equals(TimestampNTZType.TIMESTAMP_NTZ)) {
            return Instant.EPOCH.plus(row.getLong(i), ChronoUnit.MICROS);
        }
        throw new IllegalStateException("this reader knows no " + type + "; teach it");
    }

    private static List<@Nullable Object> items(ArrayValue array, DataType type) {
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < array.getSize(); i++) {
            items.add(item(array.getElements(), i, type));
        }
        return items;
    }

    /** The same for what is in a list, which Kernel keeps by column. */
    private static @Nullable Object item(ColumnVector items, int i, DataType type) {
        if (items.isNullAt(i)) {
            return null;
        }
        if (type instanceof StructType struct) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            for (int field = 0; field < struct.length(); field++) {
                StructField each = struct.at(field);
                values.put(each.getName(), item(items.getChild(field), i, each.getDataType()));
            }
            return values;
        }
        return switch (type) {
            case ArrayType array -> items(items.getArray(i), array.getElementType());
            case StringType text -> items.getString(i);
            case IntegerType number -> (long) items.getInt(i);
            case LongType number -> items.getLong(i);
            case DoubleType number -> items.getDouble(i);
            case DecimalType number -> Json.plain(items.getDecimal(i));
            case DateType date -> LocalDate.ofEpochDay(items.getInt(i));
            case TimestampType time -> Instant.EPOCH.plus(items.getLong(i), ChronoUnit.MICROS);
            default -> throw new IllegalStateException("this reader knows no " + type + " in lists; teach it");
        };
    }

    private Snapshot snapshot(String table) {
        return TableManager.loadSnapshot(folder(table).toString()).build(ENGINE);
    }

    private Path folder(String table) {
        return lake.resolve(table.replace('.', '/'));
    }
}
