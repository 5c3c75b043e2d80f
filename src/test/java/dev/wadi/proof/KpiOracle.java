package dev.wadi.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers KPIs from the events of a {@link Model} by counting them one by one. */
final class KpiOracle {

    /** How the facts of a group become one number. */
    enum Measure {
        SUM,
        COUNT,
        AVERAGE,
        DISTINCT
    }

    /**
     * A question.
     *
     * @param to the last day that counts
     * @param grain day, week, month, quarter or year; null for one number over all time
     * @param where each {@code dimension:operator:value}, operators eq, ne and in
     */
    record Question(
            String kpi,
            LocalDate from,
            LocalDate to,
            @Nullable String grain,
            List<String> by,
            List<String> where) {
        String path() {
            StringBuilder path = new StringBuilder("/api/kpis/" + kpi + "?from=" + from + "&to=" + to + "&limit=10000");
            if (grain != null) {
                path.append("&grain=").append(grain);
            }
            if (!by.isEmpty()) {
                path.append("&by=").append(String.join(",", by));
            }
            where.forEach(filter -> path.append("&where=").append(filter));
            return path.toString();
        }
    }

    private record Fact(LocalDate day, Function<String, String> dimension, BigDecimal value, String who) {}

    private final Model model;

    KpiOracle(Model model) {
        this.model = model;
    }

    /** Value by group; a group is the start of its time bucket, then the values of the dimensions in order of name. */
    Map<String, BigDecimal> answer(Question question) {
        Map<String, List<Fact>> groups = new TreeMap<>();
        List<String> by = dimensions(question);
        for (Fact fact : facts(question.kpi())) {
            if (fact.day().isBefore(question.from()) || fact.day().isAfter(question.to())) {
                continue;
            }
            if (!question.where().stream().allMatch(filter -> passes(fact, filter))) {
                continue;
            }
            List<String> group = new ArrayList<>();
            group.add(bucket(fact.day(), question.grain()));
            by.forEach(name -> group.add(fact.dimension().apply(name)));
            groups.computeIfAbsent(String.join("|", group), key -> new ArrayList<>())
                    .add(fact);
        }
        Map<String, BigDecimal> answer = new TreeMap<>();
        groups.forEach((group, facts) -> answer.put(group, measure(measureOf(question.kpi()), facts)));
        return answer;
    }

    /** The answer of the app in the same form. */
    static Map<String, BigDecimal> read(Question question, JsonNode answer) {
        Map<String, BigDecimal> read = new TreeMap<>();
        for (JsonNode row : answer.get("rows")) {
            List<String> group = new ArrayList<>();
            group.add(question.grain() == null ? "" : row.path("time").asText().substring(0, 10));
            dimensions(question).forEach(name -> group.add(row.path(name).asText()));
            read.put(String.join("|", group), row.get("value").decimalValue());
        }
        return read;
    }

    /** Money is never added across currencies, asked for or not. */
    private static List<String> dimensions(Question question) {
        Set<String> names = new HashSet<>(question.by());
        if (question.kpi().equals("revenue") || question.kpi().equals("average-order-value")) {
            names.add("currency");
        }
        return names.stream().sorted().toList();
    }

    private static Measure measureOf(String kpi) {
        return switch (kpi) {
            case "revenue" -> Measure.SUM;
            case "orders", "events" -> Measure.COUNT;
            case "average-order-value" -> Measure.AVERAGE;
            case "active-users" -> Measure.DISTINCT;
            default -> throw new IllegalArgumentException(kpi);
        };
    }

    private List<Fact> facts(String kpi) {
        return switch (kpi) {
            case "revenue", "orders", "average-order-value" ->
                model.cleanBookings().values().stream()
                        .filter(booking -> !booking.get("status").asText().equals("cancelled"))
                        .map(KpiOracle::order)
                        .toList();
            case "active-users", "events" ->
                model.cleanClicks().values().stream().map(KpiOracle::click).toList();
            default -> throw new IllegalArgumentException(kpi);
        };
    }

    private static Fact order(JsonNode booking) {
        return new Fact(
                Model.day(booking, "booked_at"),
                name -> booking.at(
                                switch (name) {
                                    case "currency" -> "/currency";
                                    case "status" -> "/status";
                                    case "agency" -> "/agency_name";
                                    case "product" -> "/product/name";
                                    case "product_type" -> "/product/type";
                                    case "destination" -> "/product/destination";
                                    case "country" -> "/customer/country";
                                    case "segment" -> "/customer/segment";
                                    default -> throw new IllegalArgumentException(name);
                                })
                        .asText(),
                Model.amount(booking),
                "");
    }

    private static Fact click(JsonNode click) {
        return new Fact(
                Model.day(click, "event_time"),
                name -> Model.told(click.at(
                        switch (name) {
                            case "action" -> "/action";
                            case "country" -> "/location/country";
                            case "device" -> "/device";
                            default -> throw new IllegalArgumentException(name);
                        })),
                BigDecimal.ONE,
                click.get("user_id").asText());
    }

    private static boolean passes(Fact fact, String filter) {
        String[] parts = filter.split(":", 3);
        String value = fact.dimension().apply(parts[0]);
        return switch (parts[1]) {
            case "eq" -> value.equals(parts[2]);
            case "ne" -> !value.equals(parts[2]);
            case "in" -> List.of(parts[2].split(",")).contains(value);
            default -> throw new IllegalArgumentException(filter);
        };
    }

    private static String bucket(LocalDate day, @Nullable String grain) {
        if (grain == null) {
            return "";
        }
        return switch (grain) {
            case "day" -> day.toString();
            case "week" ->
                day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toString();
            case "month" -> day.withDayOfMonth(1).toString();
            case "year" -> day.withDayOfYear(1).toString();
            default -> throw new IllegalArgumentException(grain);
        };
    }

    private static BigDecimal measure(Measure measure, List<Fact> facts) {
        BigDecimal count = BigDecimal.valueOf(facts.size());
        BigDecimal sum = facts.stream().map(Fact::value).reduce(BigDecimal.ZERO, BigDecimal::add);
        return switch (measure) {
            case SUM -> sum;
            case COUNT -> count;
            case AVERAGE -> sum.divide(count, MathContext.DECIMAL64);
            case DISTINCT ->
                BigDecimal.valueOf(facts.stream().map(Fact::who).distinct().count());
        };
    }
}
