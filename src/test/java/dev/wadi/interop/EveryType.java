package dev.wadi.interop;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A column of every type that a contract knows, and the values of each that are easy to get wrong. */
final class EveryType {
    /** DuckDB literals by column; a column that has fewer begins anew, so that values meet in ever new company. */
    private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

    static {
        VALUES.put(
                "s STRING",
                List.of(
                        "''",
                        "'a'",
                        "'Zebra'",
                        "'null'",
                        "NULL",
                        "'ünïcödé'",
                        "'日本'",
                        "'🙂'",
                        "chr(65535)",
                        "chr(1114111)",
                        "repeat(chr(1114111), 70)",
                        "repeat('x', 5000)",
                        "repeat('x', 63) || 'é'",
                        "'it''s \"quoted\" \\ back'",
                        "'tab' || chr(9) || 'line' || chr(10) || 'nul' || chr(0) || 'del' || chr(127)",
                        "'separators ' || chr(8232) || chr(133)"));
        VALUES.put("b BOOLEAN", List.of("true", "false", "NULL"));
        VALUES.put("i INTEGER", List.of("0", "-1", "2147483647", "-2147483648", "NULL"));
        VALUES.put(
                "l LONG",
                List.of("0", "9223372036854775807", "-9223372036854775808", "9007199254740993", "-1", "NULL"));
        VALUES.put(
                "d DOUBLE",
                List.of(
                        "0.0::DOUBLE",
                        "'-0.0'::DOUBLE",
                        "'nan'::DOUBLE",
                        "'inf'::DOUBLE",
                        "'-inf'::DOUBLE",
                        "4.9e-324::DOUBLE",
                        "1.7976931348623157e308::DOUBLE",
                        "-1.7976931348623157e308::DOUBLE",
                        "0.1::DOUBLE",
                        "-123456.789::DOUBLE",
                        "NULL"));
        VALUES.put("money DECIMAL(9,2)", List.of("0", "9999999.99", "-9999999.99", "0.01", "NULL"));
        VALUES.put(
                "price DECIMAL(18,4)", List.of("0", "99999999999999.9999", "-99999999999999.9999", "-0.0001", "NULL"));
        VALUES.put(
                "huge DECIMAL(38,10)",
                List.of(
                        "0",
                        "9999999999999999999999999999.9999999999",
                        "-9999999999999999999999999999.9999999999",
                        "0.0000000001",
                        "NULL"));
        VALUES.put(
                "day DATE",
                List.of(
                        "DATE '1970-01-01'",
                        "DATE '1969-12-31'",
                        "DATE '0001-01-01'",
                        "DATE '1582-10-10'",
                        "DATE '1900-02-28'",
                        "DATE '2026-02-28'",
                        "DATE '9999-12-31'",
                        "NULL"));
        VALUES.put(
                "t TIMESTAMP",
                List.of(
                        "TIMESTAMPTZ '1970-01-01 00:00:00+00'",
                        "TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'",
                        "TIMESTAMPTZ '0001-01-01 00:00:00+00'",
                        "TIMESTAMPTZ '1582-10-10 12:00:00.000001+00'",
                        "TIMESTAMPTZ '2026-11-20 08:00:00.123456+00'",
                        "TIMESTAMPTZ '2026-11-20 08:00:00.123+00'",
                        "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'",
                        "NULL"));
        VALUES.put("doc JSON", List.of("'{\"a\": [1, null, \"ä\"]}'", "'{}'", "'[1.0]'", "NULL"));
    }

    static final String[] COLUMNS = VALUES.keySet().toArray(String[]::new);
    static final int MOST_VALUES =
            VALUES.values().stream().mapToInt(List::size).max().orElseThrow();

    private EveryType() {}

    static List<String> columns() {
        return VALUES.keySet().stream().map(column -> column.split(" ", 2)[0]).toList();
    }

    /** The values of a column, as DuckDB reads them. */
    static List<String> values(String column) {
        return VALUES.entrySet().stream()
                .filter(each -> each.getKey().startsWith(column + " "))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    static String rows(long sequence, String keySuffix, int count) {
        return rows(sequence, keySuffix, count, 0);
    }

    /** Row {@code i} has the key {@code i} and of each column the value {@code i + first}, counted in rounds. */
    static String rows(long sequence, String keySuffix, int count, int first) {
        List<String> selects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder select =
                    new StringBuilder("SELECT '%d%s' AS id, %d AS seq".formatted(i, keySuffix, sequence));
            for (Map.Entry<String, List<String>> column : VALUES.entrySet()) {
                List<String> values = column.getValue();
                String name = column.getKey().split(" ", 2)[0];
                select.append(", CAST(%s AS %s) AS %s"
                        .formatted(values.get((i + first) % values.size()), sqlType(name), name));
            }
            selects.add(select.toString());
        }
        return String.join(" UNION ALL ", selects);
    }

    private static String type(String column) {
        return VALUES.keySet().stream()
                .filter(each -> each.startsWith(column + " "))
                .findFirst()
                .orElseThrow()
                .split(" ", 2)[1];
    }

    /** The type of a column, as DuckDB names it. */
    static String sqlType(String column) {
        return switch (type(column)) {
            case "STRING", "JSON" -> "VARCHAR";
            case "LONG" -> "BIGINT";
            case "TIMESTAMP" -> "TIMESTAMPTZ";
            default -> type(column);
        };
    }

    /** A literal of Spark, from the text that stands for a value in {@link Rows}. */
    static String sparkLiteral(String column, String text) {
        String type = type(column);
        return type.equals("STRING") || type.equals("JSON")
                ? sparkText(text)
                : "CAST('%s' AS %s)".formatted(text, type);
    }

    static String sparkText(@Nullable String text) {
        return text == null
                ? "CAST(NULL AS STRING)"
                : "CAST(X'%s' AS STRING)".formatted(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
    }
}
