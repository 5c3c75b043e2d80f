package dev.wadi.api;

import dev.wadi.contract.ColumnType;
import dev.wadi.kpi.Dimension;
import dev.wadi.kpi.Grain;
import dev.wadi.kpi.Kpi;
import dev.wadi.kpi.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The OpenAPI path of a KPI, with its own dimensions and grains. */
final class KpiPath {
    private final Kpi kpi;
    private final String address;

    private KpiPath(Kpi kpi, String address) {
        this.kpi = kpi;
        this.address = address;
    }

    static Map<String, Object> of(Kpi kpi) {
        return new KpiPath(kpi, "/api/kpis/" + kpi.name()).write("kpi-" + kpi.name(), kpi.title(), Set.of("days"));
    }

    /** The same KPI over the last days. */
    static Map<String, Object> ofLastDays(Kpi kpi) {
        return new KpiPath(kpi, "/api/" + kpi.name())
                .write(kpi.name() + "-of-last-days", kpi.title() + " of the last days", Set.of("from", "to"));
    }

    /** @param without parameters that this path does not have */
    private Map<String, Object> write(String operation, String summary, Set<String> without) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("operation", operation);
        values.put("summary", summary);
        values.put("description", description());
        values.put("maxDays", KpiController.MAX_DAYS);
        values.put("defaultDays", KpiController.DEFAULT_DAYS);
        values.put("grains", kpi.grains().stream().map(Grain::word).toList());
        values.put("dimensions", kpi.dimensionNames());
        values.put("where", where());
        values.put(
                "condition",
                "^(%s):(%s):.*$".formatted(String.join("|", kpi.dimensionNames()), String.join("|", Operator.words())));
        values.put("row", row());
        values.put("example", answer());
        Map<String, Object> path = Template.fill("kpi.yaml", values);
        Set<String> absent = new HashSet<>(without);
        if (kpi.grains().isEmpty()) {
            absent.add("grain");
        }
        if (kpi.dimensions().isEmpty()) {
            absent.addAll(List.of("by", "where"));
        }
        parameters(path).removeIf(parameter -> absent.contains(String.valueOf(parameter.get("name"))));
        return path;
    }

    @SuppressWarnings("unchecked") // as kpi.yaml has it
    private static List<Map<String, Object>> parameters(Map<String, Object> path) {
        Map<String, Object> get = (Map<String, Object>) Objects.requireNonNull(path.get("get"));
        return (List<Map<String, Object>>) Objects.requireNonNull(get.get("parameters"));
    }

    private String description() {
        String always = kpi.alwaysBy().isEmpty()
                ? ""
                : " Always grouped by %s, because adding across it means nothing."
                        .formatted(String.join(", ", kpi.alwaysBy()));
        return "%s Unit: %s.%s Owner: %s.\n\nExample: `%s`"
                .formatted(kpi.description(), kpi.unit(), always, kpi.owner(), request());
    }

    private String request() {
        List<String> parts = new ArrayList<>();
        grain().ifPresent(grain -> parts.add("grain=" + grain.word()));
        kpi.dimensions().stream().findFirst().ifPresent(dimension -> parts.add("by=" + dimension.name()));
        return parts.isEmpty() ? address : address + "?" + String.join("&", parts);
    }

    /** The grain of the examples. */
    private Optional<Grain> grain() {
        return kpi.grains().contains(Grain.MONTH)
                ? Optional.of(Grain.MONTH)
                : kpi.grains().stream().findFirst();
    }

    private String where() {
        String condition = kpi.dimensions().stream()
                .findFirst()
                .map(dimension -> "%s:eq:%s".formatted(dimension.name(), value(dimension)))
                .orElse("");
        return "Only rows that meet this, written dimension:operator:value, such as `%s`. ".formatted(condition)
                + "`in` takes several values, separated by commas. Of several conditions all must be met.";
    }

    private Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        if (!kpi.grains().isEmpty()) {
            row.put("time", Map.of("type", "string", "format", "date", "description", "First day of the period."));
        }
        for (Dimension dimension : kpi.dimensions()) {
            row.put(dimension.name(), Map.of("type", List.of(json(dimension.type()), "null")));
        }
        row.put("value", Map.of("type", List.of("number", "null"), "description", kpi.unit()));
        return row;
    }

    private Map<String, Object> answer() {
        Set<String> by = new LinkedHashSet<>();
        kpi.dimensions().stream().findFirst().ifPresent(dimension -> by.add(dimension.name()));
        by.addAll(kpi.alwaysBy());
        Map<String, Object> row = new LinkedHashMap<>();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("kpi", kpi.name());
        answer.put("title", kpi.title());
        answer.put("unit", kpi.unit());
        answer.put("from", "2026-01-01");
        answer.put("to", "2026-12-31");
        grain().ifPresent(grain -> {
            answer.put("grain", grain.word());
            row.put("time", "2026-01-01");
        });
        by.forEach(name -> row.put(name, value(kpi.dimension(name).orElseThrow())));
        row.put("value", 42);
        answer.put("by", by);
        answer.put("versions", Map.of(kpi.table().toString(), 7));
        answer.put("rows", List.of(row));
        answer.put("limit", 1000);
        answer.put("offset", 0);
        answer.put("total", 1);
        return answer;
    }

    private static String value(Dimension dimension) {
        return Objects.requireNonNullElse(dimension.example(), "value");
    }

    private static String json(ColumnType type) {
        return switch (type) {
            case ColumnType.Decimal decimal -> "number";
            case ColumnType.Struct struct -> "object";
            case ColumnType.Array array -> "array";
            case ColumnType.Simple simple ->
                switch (simple) {
                    case STRING, DATE, TIMESTAMP, JSON, BINARY -> "string";
                    case BOOLEAN -> "boolean";
                    case SMALLINT, INTEGER, LONG -> "integer";
                    case FLOAT, DOUBLE -> "number";
                };
        };
    }
}
