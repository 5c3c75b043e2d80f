package dev.wadi.engine;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** Rows of DuckDB as Java has them: a time is an Instant, an object a Map, a list a List; anything else is as JDBC gives it. */
public final class Rows {
    private Rows() {}

    /** All rows that are left, by the names of their columns. */
    public static List<Map<String, @Nullable Object>> read(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        while (result.next()) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int n = 1; n <= columns.getColumnCount(); n++) {
                row.put(columns.getColumnName(n), value(result.getObject(n)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static @Nullable Object value(@Nullable Object value) throws SQLException {
        return switch (value) {
            case OffsetDateTime time -> time.toInstant();
            case Timestamp time -> time.toInstant();
            case java.sql.Date day -> day.toLocalDate();
            case DuckDBStruct object -> object(object);
            case Struct object -> values(object.getAttributes());
            case Array array -> values((@Nullable Object[]) array.getArray());
            case null -> null;
            default -> value;
        };
    }

    private static Map<String, @Nullable Object> object(DuckDBStruct object) throws SQLException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Map.Entry<String, Object> field : object.getMap().entrySet()) {
            fields.put(field.getKey(), value(field.getValue()));
        }
        return fields;
    }

    private static List<@Nullable Object> values(@Nullable Object[] items) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        for (Object item : items) {
            values.add(value(item));
        }
        return Collections.unmodifiableList(values);
    }
}
