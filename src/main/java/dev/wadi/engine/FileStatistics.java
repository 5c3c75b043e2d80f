package dev.wadi.engine;

import dev.wadi.table.TableColumn;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The statistics of a Parquet file, from DuckDB's {@code RETURN_STATS} to the JSON of the Delta log. */
final class FileStatistics {
    /** Longer strings are left out: they make the log large and prune little. */
    private static final int LONGEST_STRING = 64;
    /** A time that every reader understands: four digits for the year, neither infinity nor BC. */
    private static final Pattern COMMON = Pattern.compile("\\d{4}-[^(]*");

    private FileStatistics() {}

    /** @param statistics quoted column name to a map with min, max, null_count and has_nan as text */
    static String json(long rows, List<TableColumn> columns, @Nullable Map<?, ?> statistics) {
        StringBuilder minimums = new StringBuilder();
        StringBuilder maximums = new StringBuilder();
        StringBuilder nulls = new StringBuilder();
        for (TableColumn column : columns) {
            if (!column.fields().isEmpty()) {
                continue; // values within a value: nothing looks for them
            }
            Object found = statistics == null ? null : statistics.get(Sql.name(column.physicalName()));
            if (!(found instanceof Map<?, ?> each)) {
                continue;
            }
            Object count = each.get("null_count");
            if (count != null) {
                member(nulls, column, count.toString());
            }
            if ("true".equals(String.valueOf(each.get("has_nan")))) {
                continue; // a NaN is in no range
            }
            if ("false".equals(String.valueOf(each.get("max_is_exact")))) {
                continue; // a cut string is no upper bound
            }
            String minimum = value(column, (String) each.get("min"));
            String maximum = value(column, (String) each.get("max"));
            if (minimum != null && maximum != null) {
                member(minimums, column, minimum);
                member(maximums, column, maximum);
            }
        }
        return "{\"numRecords\":%d,\"minValues\":{%s},\"maxValues\":{%s},\"nullCount\":{%s}}"
                .formatted(rows, minimums, maximums, nulls);
    }

    private static void member(StringBuilder members, TableColumn column, String value) {
        if (!members.isEmpty()) {
            members.append(',');
        }
        members.append(quoted(column.physicalName())).append(':').append(value);
    }

    /** A JSON value; null when Delta keeps no range for it. */
    private static @Nullable String value(TableColumn column, @Nullable String text) {
        if (text == null) {
            return null;
        }
        String type = column.sql();
        if (type.startsWith("DECIMAL")) {
            return text;
        }
        return switch (type) {
            case "SMALLINT", "INTEGER", "BIGINT" -> text;
            case "DOUBLE", "FLOAT" -> text.contains("n") ? null : text; // nan, inf
            case "DATE" -> COMMON.matcher(text).matches() ? quoted(text) : null;
            case "TIMESTAMPTZ" -> COMMON.matcher(text).matches() ? quoted(instant(text)) : null;
            case "VARCHAR" -> text.length() > LONGEST_STRING ? null : quoted(text);
            default -> null;
        };
    }

    /** {@code 2026-11-20 08:00:00.5+00} to {@code 2026-11-20T08:00:00.5Z}. */
    private static String instant(String text) {
        int offset = text.indexOf('+');
        return (offset < 0 ? text : text.substring(0, offset)).replace(' ', 'T') + "Z";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
