package dev.wadi.table;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A column as the table has it, or a value within one.
 *
 * @param physicalName its name in the Parquet files and statistics
 * @param id its Parquet field id; -1 when it has none
 * @param sql its DuckDB type, with the names of {@code fields}
 * @param fields of an object its fields, of a list its {@code element}; empty for plain values
 */
public record TableColumn(String name, String physicalName, int id, String sql, List<TableColumn> fields) {
    public TableColumn {
        fields = List.copyOf(fields);
    }

    /** A plain column. */
    public TableColumn(String name, String physicalName, int id, String sql) {
        this(name, physicalName, id, sql, List.of());
    }

    public boolean isList() {
        return sql.endsWith("[]");
    }

    /** Its DuckDB type as the Parquet files have it: fields of objects under their physical names. */
    public String physicalSql() {
        if (fields.isEmpty()) {
            return sql;
        }
        return isList()
                ? fields.getFirst().physicalSql() + "[]"
                : fields.stream()
                        .map(field -> DeltaTypes.quoted(field.physicalName()) + " " + field.physicalSql())
                        .collect(Collectors.joining(", ", "STRUCT(", ")"));
    }
}
