package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.kpi.Answer;
import dev.wadi.kpi.Cell;
import dev.wadi.kpi.Question;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The addresses that lead from a number to what it is made of, each of the versions that it was read from. */
final class Links {
    private Links() {}

    static String answer(Question question, Map<TableName, Long> versions) {
        return kpi(question, "", question.parameters(versions, true));
    }

    static String explain(Question question, Map<TableName, Long> versions) {
        return kpi(question, "/explain", question.parameters(versions, true));
    }

    /** The facts of a cell of a row, as {@code columns} has it. */
    static String facts(
            Question question,
            Map<TableName, Long> versions,
            List<Answer.Column> columns,
            List<@Nullable Object> row,
            boolean previous) {
        return facts(Cell.of(question, columns, row, previous), versions, null, 0);
    }

    /** @param limit null for as many as are given when nobody says */
    static String facts(Cell cell, Map<TableName, Long> versions, @Nullable Integer limit, long offset) {
        Map<String, List<String>> parameters =
                new LinkedHashMap<>(cell.question().parameters(versions, false));
        if (!cell.words().isEmpty()) {
            parameters.put("cell", cell.words());
        }
        if (cell.previous()) {
            parameters.put("figure", List.of("previous"));
        }
        if (limit != null) {
            parameters.put("limit", List.of(limit.toString()));
            parameters.put("offset", List.of(Long.toString(offset)));
        }
        return kpi(cell.question(), "/facts", parameters);
    }

    /** @param version null for the newest */
    static String trace(TableName table, List<@Nullable Object> key, @Nullable Long version) {
        return "/api/trace/%s/%s%s".formatted(table, path(key), version == null ? "" : "?version=" + version);
    }

    static String why(TableName table, List<@Nullable Object> key) {
        return "/api/why/%s/%s".formatted(table, path(key));
    }

    private static String kpi(Question question, String after, Map<String, List<String>> parameters) {
        StringJoiner query = new StringJoiner("&");
        parameters.forEach((name, values) -> values.forEach(value -> query.add(name + "=" + encoded(value))));
        return "/api/kpis/%s%s?%s".formatted(question.kpi().name(), after, query);
    }

    /** Values of a key between commas; {@code \,} is a comma of a value. */
    static String text(List<@Nullable Object> key) {
        List<String> texts = new ArrayList<>();
        for (Object value : key) {
            texts.add(String.valueOf(value).replace("\\", "\\\\").replace(",", "\\,"));
        }
        return String.join(",", texts);
    }

    private static String path(List<@Nullable Object> key) {
        return encoded(text(key)).replace("%2C", ",");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":")
                .replace("%40", "@")
                .replace("%2C", ",");
    }
}
