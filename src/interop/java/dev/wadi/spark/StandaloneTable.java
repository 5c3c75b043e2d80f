package dev.wadi.spark;

import io.delta.standalone.DeltaLog;
import io.delta.standalone.data.CloseableIterator;
import io.delta.standalone.data.RowRecord;
import io.delta.standalone.types.BooleanType;
import io.delta.standalone.types.DataType;
import io.delta.standalone.types.DateType;
import io.delta.standalone.types.DecimalType;
import io.delta.standalone.types.DoubleType;
import io.delta.standalone.types.IntegerType;
import io.delta.standalone.types.LongType;
import io.delta.standalone.types.StringType;
import io.delta.standalone.types.StructField;
import io.delta.standalone.types.TimestampType;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** A table as Delta Standalone reads it, which knows neither deletion vectors nor column mapping. */
final class StandaloneTable {
    private StandaloneTable() {}

    static List<List<String>> rows(String folder) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (CloseableIterator<RowRecord> each =
                DeltaLog.forTable(new Configuration(), folder).update().open()) {
            while (each.hasNext()) {
                RowRecord row = each.next();
                List<String> values = new ArrayList<>();
                for (StructField field : row.getSchema().getFields()) {
                    values.add(Text.of(value(row, field.getName(), field.getDataType())));
                }
                rows.add(values);
            }
        }
        return rows;
    }

    private static Object value(RowRecord row, String name, DataType type) {
        if (row.isNullAt(name)) {
            return null;
        }
        return switch (type) {
            case StringType string -> row.getString(name);
            case BooleanType bool -> row.getBoolean(name);
            case IntegerType integer -> row.getInt(name);
            case LongType number -> row.getLong(name);
            case DoubleType number -> row.getDouble(name);
            case DecimalType decimal -> row.getBigDecimal(name).setScale(decimal.getScale());
            // Its java.sql values are right in Caesar's calendar, which is what these two turn them back from.
            case DateType date -> row.getDate(name).toLocalDate();
            case TimestampType time -> row.getTimestamp(name).toLocalDateTime().toInstant(ZoneOffset.UTC);
            default ->
                throw new IllegalArgumentException(
                        "column " + name + " is " + type.getTypeName() + ": teach this reader");
        };
    }
}
