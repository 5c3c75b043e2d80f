package dev.wadi.engine;

import dev.wadi.table.TableColumn;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Turns values between the names that fields have in the Parquet files and those that the table gives them. They differ in
 * tables that other writers made, and after a rename; otherwise the expression stays as it is.
 */
final class Renaming {
    private Renaming() {}

    /** @param value SQL expression of the column as the files have it */
    static String logical(TableColumn column, String value) {
        return isRenamed(column) ? renamed(column, value, TableColumn::physicalName, TableColumn::name, 0) : value;
    }

    /** @param value SQL expression of the column as the table has it */
    static String physical(TableColumn column, String value) {
        return isRenamed(column) ? renamed(column, value, TableColumn::name, TableColumn::physicalName, 0) : value;
    }

    private static boolean isRenamed(TableColumn column) {
        return column.fields().stream()
                .anyMatch(field -> !field.name().equals(field.physicalName()) || isRenamed(field));
    }

    private static String renamed(
            TableColumn column,
            String value,
            Function<TableColumn, String> from,
            Function<TableColumn, String> to,
            int depth) {
        if (column.fields().isEmpty()) {
            return value;
        }
        if (column.isList()) {
            String item = "item_" + depth;
            String inner = renamed(column.fields().getFirst(), item, from, to, depth + 1);
            return "list_transform(%s, lambda %s: %s)".formatted(value, item, inner);
        }
        return column.fields().stream()
                .map(field -> "%s := %s"
                        .formatted(
                                Sql.name(to.apply(field)),
                                renamed(field, value + "." + Sql.name(from.apply(field)), from, to, depth)))
                .collect(Collectors.joining(", ", "CASE WHEN " + value + " IS NOT NULL THEN struct_pack(", ") END"));
    }
}
