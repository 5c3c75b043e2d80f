package dev.wadi.api;

import dev.wadi.contract.ColumnType;
import dev.wadi.kpi.Additivity;
import dev.wadi.kpi.AnswerFormat;
import dev.wadi.kpi.Dimension;
import dev.wadi.kpi.Figure;
import dev.wadi.kpi.Fill;
import dev.wadi.kpi.Grain;
import dev.wadi.kpi.Kpi;
import dev.wadi.kpi.Measure;
import dev.wadi.kpi.Operator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The OpenAPI path of a KPI, with its own dimensions and grains. */
final class KpiPath {
    private final Kpi kpi;
    private final String address;
    /** Whether it can be asked for a time. */
    private final boolean spans;

    private KpiPath(Kpi kpi, String address, boolean spans) {
        this.kpi = kpi;
        this.address = address;
        this.spans = spans;
    }

    /** The path that answers several questions, with the first KPIs as its example. */
    static Map<String, Object> ofSeveral(List<Kpi> kpis) {
        List<Map<String, Object>> questions = kpis.stream()
                .limit(2)
                .map(kpi -> {
                    Map<String, Object> question = new LinkedHashMap<>();
                    question.put("kpi", kpi.name());
                    question.put("from", "-30d");
                    kpi.grains().stream().findFirst().ifPresent(grain -> question.put("grain", grain.word()));
                    question.put("by", kpi.dimensionNames().stream().limit(1).toList());
                    return question;
                })
                .toList();
        return Template.fill(
                "query.yaml",
                Map.of(
                        "most",
                        QueryBody.MOST,
                        "names",
                        kpis.stream().map(Kpi::name).toList(),
                        "example",
                        Map.of("questions", questions)));
    }

    static Map<String, Object> of(Kpi kpi) {
        return new KpiPath(kpi, "/api/kpis/" + kpi.name(), true)
                .write("kpi-" + kpi.name(), kpi.title(), Set.of("days"));
    }

    /** The same KPI over the last days. */
    static Map<String, Object> ofLastDays(Kpi kpi) {
        return new KpiPath(kpi, "/api/" + kpi.name(), false)
                .write(kpi.name() + "-of-last-days", kpi.title() + " of the last days", Set.of("from", "to", "tz"));
    }

    /** @param without parameters that this path does not have */
    private Map<String, Object> write(String operation, String summary, Set<String> without) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("operation", operation);
        values.put("summary", summary);
        values.put("description", description());
        values.put("maxDays", KpiController.MAX_DAYS);
        values.put("defaultDays", KpiController.DEFAULT_DAYS);
        values.put("from", moment() + " from which on is counted.");
        values.put("to", moment() + " up to which is counted: a day with all of it, an instant not itself.");
        values.put("grains", kpi.grains().stream().map(Grain::word).toList());
        values.put("grainRequired", grainRequired());
        values.put(
                "grainText",
                "Length of the periods; weeks start on Monday."
                        + (grainRequired() ? " It is not added up over time." : " Without it, one total."));
        values.put("fills", fill() == Fill.NULL ? List.of(Fill.NULL.word()) : Fill.words());
        values.put("formats", AnswerFormat.words());
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
            absent.addAll(List.of("grain", "fill"));
        }
        if (kpi.time().instant() == null) {
            absent.add("tz");
        }
        if (kpi.additivity() == Additivity.NON_ADDITIVE) {
            absent.add("totals");
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
        String examples =
                examples().stream().map(example -> "- `%s`".formatted(example)).collect(Collectors.joining("\n"));
        return "%s Unit: %s.%s Owner: %s.\n\nExamples:\n\n%s"
                .formatted(kpi.description(), kpi.unit(), always, kpi.owner(), examples);
    }

    /** Addresses that are answered. */
    private List<String> examples() {
        String grain = grain().map(each -> "grain=" + each.word()).orElse("");
        String by = kpi.dimensions().stream()
                .findFirst()
                .map(dimension -> "by=" + dimension.name())
                .orElse("");
        List<String> examples = new ArrayList<>();
        examples.add(request(grain, by));
        if (spans) {
            if (grain().isPresent()) {
                examples.add(request("from=-90d", "to=yesterday", grain, "fill=" + fill().word()));
            }
            examples.add(request("from=-1m", grainRequired() ? grain : "", "compare_to=previous_year"));
            if (kpi.grains().contains(Grain.HOUR)) {
                examples.add(request("from=-24h", "to=now", "tz=Europe/Berlin", "grain=hour"));
            }
        }
        kpi.dimensions().stream()
                .filter(dimension -> dimension.example() != null)
                .findFirst()
                .ifPresent(dimension -> examples.add(request(
                        grainRequired() ? grain : "",
                        by,
                        "where=%s:ne:%s".formatted(dimension.name(), encoded(value(dimension))),
                        "having=value:gt:0",
                        "order=value:desc",
                        "limit=10")));
        examples.add(request(grain, "format=csv"));
        return examples;
    }

    private String request(String... parts) {
        String query = Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining("&"));
        return query.isEmpty() ? address : address + "?" + query;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private boolean grainRequired() {
        return kpi.additivity() == Additivity.SEMI_ADDITIVE;
    }

    private Fill fill() {
        return kpi.measure() instanceof Measure.Ratio ? Fill.NULL : Fill.ZERO;
    }

    private String moment() {
        return kpi.time().instant() == null
                ? "The day (UTC), such as 2026-01-31, `today`, `-30d` or `-12m`,"
                : "The day or instant, such as 2026-01-31, 2026-01-31T12:00:00Z, `today`, `-30d`, `-24h` or `now`,";
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
                + "`in`, `not_in` and `between` take values separated by commas; `like` takes % and _. All conditions must be met.";
    }

    private Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        if (!kpi.grains().isEmpty()) {
            row.put("time", Map.of("type", "string", "description", "First day of the period; an instant for hours."));
        }
        for (Dimension dimension : kpi.dimensions()) {
            row.put(dimension.name(), Map.of("type", List.of(json(dimension.type()), "null")));
        }
        row.put("value", Map.of("type", List.of("number", "null"), "description", kpi.unit()));
        for (Figure figure : Figure.of(true)) {
            row.putIfAbsent(
                    figure.word(), Map.of("type", List.of("number", "null"), "description", "With compare_to."));
        }
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
        answer.put(
                "format",
                Map.of(
                        "style",
                        kpi.display().style().word(),
                        "decimals",
                        kpi.display().decimals()));
        answer.put("from", "2026-01-01");
        answer.put("to", "2026-12-31");
        answer.put("tz", "UTC");
        answer.put("compareTo", null);
        answer.put("totals", null);
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
