package dev.wadi.kpi;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers questions by loops over raw events, without SQL and without what the answers are made with. */
final class KpiModel {
    private static final List<String> ORDER_DIMENSIONS =
            List.of("currency", "status", "agency", "product", "product_type", "destination", "country", "segment");
    private static final List<String> ZONES =
            List.of("Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland");

    /** One thing that is counted. A click is weighed by how many there are of its kind. */
    private record Fact(
            Map<String, @Nullable String> dimensions, Instant at, BigDecimal amount, int quantity, String who) {}

    /** How facts become a number; {@code off} is by how much the number may differ. */
    private record Rule(
            boolean orders,
            String always,
            Predicate<Fact> filter,
            Function<List<Fact>, @Nullable BigDecimal> measure,
            double off) {}

    /** A question as parameters. */
    record Asked(String kpi, Map<String, List<String>> parameters) {}

    private final List<Fact> orders = new ArrayList<>();
    private final List<Fact> clicks = new ArrayList<>();
    private final Map<String, Rule> rules = new LinkedHashMap<>();

    KpiModel(KpiEvents events) {
        for (KpiEvents.Booking booking : events.bookings()) {
            orders.add(new Fact(
                    order(
                            "Agency " + booking.agency(),
                            booking.currency(),
                            booking.status(),
                            booking.product(),
                            booking.customer()),
                    booking.bookedAt(),
                    booking.amount(),
                    booking.quantity(),
                    "c" + booking.customer()));
        }
        if (shopOrdersAreFacts()) {
            for (KpiEvents.ShopOrder order : events.orders()) {
                orders.add(new Fact(
                        order(null, order.currency(), order.status(), order.product(), order.customer()),
                        order.orderedAt(),
                        order.amount(),
                        order.quantity(),
                        "c" + order.customer()));
            }
        }
        for (KpiEvents.Click click : events.clicks()) {
            Map<String, @Nullable String> dimensions = new HashMap<>();
            dimensions.put("action", click.action());
            dimensions.put("country", click.country() == null ? "unknown" : click.country());
            dimensions.put("device", click.device() == null ? "unknown" : click.device());
            clicks.add(new Fact(dimensions, click.at(), BigDecimal.ONE, 1, click.user()));
        }
        Predicate<Fact> stands = fact -> !"cancelled".equals(fact.dimensions().get("status"));
        Predicate<Fact> all = fact -> true;
        rules.put("revenue", new Rule(true, "currency", stands, KpiModel::sum, 0));
        rules.put("revenue-by-agency", new Rule(true, "agency,currency", stands, KpiModel::sum, 0));
        rules.put("orders", new Rule(true, "", stands, KpiModel::count, 0));
        rules.put("cancelled-orders", new Rule(true, "", stands.negate(), KpiModel::count, 0));
        rules.put(
                "units-sold",
                new Rule(
                        true,
                        "",
                        stands,
                        facts -> facts.isEmpty()
                                ? null
                                : BigDecimal.valueOf(
                                        facts.stream().mapToInt(Fact::quantity).sum()),
                        0));
        rules.put("buying-customers", new Rule(true, "", stands, KpiModel::who, 0));
        rules.put(
                "average-order-value",
                new Rule(true, "currency", stands, facts -> ratio(sum(facts), count(facts)), 0.0050001));
        rules.put(
                "revenue-per-customer",
                new Rule(true, "currency", stands, facts -> ratio(sum(facts), who(facts)), 0.0050001));
        rules.put(
                "cancellation-rate",
                new Rule(
                        true,
                        "",
                        all,
                        facts -> ratio(
                                count(facts.stream().filter(stands.negate()).toList()), count(facts)),
                        1e-12));
        rules.put("active-users", new Rule(false, "", all, KpiModel::who, 0));
        rules.put("events-per-user", new Rule(false, "", all, facts -> ratio(count(facts), who(facts)), 1e-9));
        rules.put("events", new Rule(false, "", all, KpiModel::count, 0));
    }

    /** Whether the shipped facts have the orders of the shop. */
    private static boolean shopOrdersAreFacts() {
        return dev.wadi.contract.Contracts.load(Path.of("schemas", "tables"))
                .get(dev.wadi.contract.TableName.parse("gold.fact_orders"))
                .columns()
                .stream()
                .anyMatch(column -> column.name().equals("source_system"));
    }

    private static Map<String, @Nullable String> order(
            @Nullable String agency, String currency, String status, int product, int customer) {
        Map<String, @Nullable String> dimensions = new HashMap<>();
        dimensions.put("agency", agency);
        dimensions.put("currency", currency);
        dimensions.put("status", status);
        dimensions.put("product", "Product " + product);
        dimensions.put("product_type", KpiEvents.type(product));
        dimensions.put("destination", KpiEvents.destination(product));
        dimensions.put("country", KpiEvents.country(customer));
        dimensions.put("segment", KpiEvents.segment(customer));
        return dimensions;
    }

    private static @Nullable BigDecimal sum(List<Fact> facts) {
        return facts.isEmpty() ? null : facts.stream().map(Fact::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal count(List<Fact> facts) {
        return BigDecimal.valueOf(facts.size());
    }

    private static BigDecimal who(List<Fact> facts) {
        return BigDecimal.valueOf(facts.stream().map(Fact::who).distinct().count());
    }

    private static @Nullable BigDecimal ratio(@Nullable BigDecimal above, BigDecimal below) {
        return above == null || below.signum() == 0 ? null : above.divide(below, MathContext.DECIMAL128);
    }

    // ---- questions

    Asked ask(Random random) {
        String kpi = List.copyOf(rules.keySet()).get(random.nextInt(rules.size()));
        Rule rule = rule(kpi);
        List<String> names = dimensions(kpi);
        Map<String, List<String>> asked = new LinkedHashMap<>();
        asked.put("limit", List.of("10000"));
        boolean zoned = rule.orders() && random.nextInt(3) == 0;
        if (zoned) {
            asked.put("tz", List.of(ZONES.get(random.nextInt(ZONES.size()))));
        }
        String grain =
                List.of("", "hour", "day", "week", "month", "quarter", "year").get(random.nextInt(7));
        if (!grain.isEmpty() && (rule.orders() || !grain.equals("hour"))) {
            asked.put("grain", List.of(grain));
        }
        LocalDate from = LocalDate.of(2026, 10, 20).plusDays(random.nextInt(75));
        // an instant late on a day is after that day in a zone far to the east
        LocalDate to = from.plusDays(1 + random.nextInt(60));
        if (random.nextInt(4) > 0) {
            asked.put("from", List.of(moment(random, rule, from, 0)));
        }
        if (random.nextInt(4) > 0) {
            asked.put("to", List.of(moment(random, rule, to, 1)));
        }
        List<String> by = names.stream().filter(name -> random.nextInt(4) == 0).toList();
        if (!by.isEmpty()) {
            asked.put("by", List.of(String.join(",", by)));
        }
        List<String> where = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0 && !names.isEmpty(); n--) {
            where.add(condition(random, names.get(random.nextInt(names.size())), rule));
        }
        if (!where.isEmpty()) {
            asked.put("where", where);
        }
        return new Asked(kpi, asked);
    }

    /** A day, or an instant on it. */
    private static String moment(Random random, Rule rule, LocalDate day, int later) {
        return rule.orders() && random.nextInt(4) == 0
                ? day.plusDays(later)
                        .atTime(random.nextInt(24), random.nextInt(60))
                        .atOffset(ZoneOffset.UTC)
                        .toString()
                : day.toString();
    }

    private String condition(Random random, String name, Rule rule) {
        List<String> values = new ArrayList<>(facts(rule).stream()
                .map(fact -> fact.dimensions().get(name))
                .filter(value -> value != null)
                .collect(Collectors.toCollection(TreeSet::new)));
        String one = values.get(random.nextInt(values.size()));
        String other = values.get(random.nextInt(values.size()));
        return name + ":"
                + switch (random.nextInt(10)) {
                    case 0 -> "eq:" + one;
                    case 1 -> "ne:" + one;
                    case 2 -> "in:" + one + "," + other;
                    case 3 -> "not_in:" + one + "," + other;
                    case 4 -> "lt:" + one;
                    case 5 -> "le:" + one;
                    case 6 -> "gt:" + one;
                    case 7 -> "ge:" + one;
                    case 8 -> "between:" + one + "," + other;
                    default -> "like:" + one.charAt(0) + "%" + one.charAt(one.length() - 1);
                };
    }

    private List<String> dimensions(String kpi) {
        return kpi.equals("events")
                ? List.of("action")
                : rule(kpi).orders() ? ORDER_DIMENSIONS : List.of("country", "device");
    }

    // ---- answers

    /** By how much a value may differ from that of the model. */
    double off(Asked asked) {
        return rule(asked.kpi()).off();
    }

    /** Values by the texts of time and dimensions. */
    Map<List<String>, @Nullable BigDecimal> answer(Asked asked) {
        Rule rule = rule(asked.kpi());
        ZoneId zone = ZoneId.of(one(asked, "tz", "UTC"));
        String grain = one(asked, "grain", "");
        String from = one(asked, "from", "");
        String to = one(asked, "to", "");
        Set<String> by = new java.util.LinkedHashSet<>(split(one(asked, "by", "")));
        by.addAll(split(rule.always()));
        Map<List<String>, List<Fact>> groups = new HashMap<>();
        if (grain.isEmpty() && by.isEmpty()) {
            groups.put(List.of(), new ArrayList<>());
        }
        for (Fact fact : facts(rule)) {
            boolean counts = rule.filter().test(fact)
                    && (from.isEmpty() || !fact.at().isBefore(start(from, zone, 0)))
                    && (to.isEmpty() || fact.at().isBefore(start(to, zone, 1)))
                    && asked.parameters().getOrDefault("where", List.of()).stream()
                            .allMatch(condition -> meets(fact, condition));
            if (counts) {
                List<String> key = new ArrayList<>();
                if (!grain.isEmpty()) {
                    key.add(period(fact.at(), grain, zone));
                }
                by.forEach(name -> key.add(String.valueOf(fact.dimensions().get(name))));
                groups.computeIfAbsent(key, none -> new ArrayList<>()).add(fact);
            }
        }
        Map<List<String>, @Nullable BigDecimal> answer = new HashMap<>();
        groups.forEach((key, facts) -> answer.put(key, rule.measure().apply(facts)));
        return answer;
    }

    private Rule rule(String kpi) {
        return java.util.Objects.requireNonNull(rules.get(kpi));
    }

    private List<Fact> facts(Rule rule) {
        return rule.orders() ? orders : clicks;
    }

    private static String one(Asked asked, String name, String otherwise) {
        return asked.parameters().getOrDefault(name, List.of(otherwise)).getFirst();
    }

    private static List<String> split(String list) {
        return Arrays.stream(list.split(",")).filter(each -> !each.isEmpty()).toList();
    }

    /** When a text begins: the day, or the day after it, at midnight of the zone; an instant where it is. */
    private static Instant start(String text, ZoneId zone, int days) {
        return text.length() > 10
                ? Instant.parse(text.length() == 17 ? text.replace("Z", ":00Z") : text)
                : LocalDate.parse(text).plusDays(days).atStartOfDay(zone).toInstant();
    }

    private static String period(Instant at, String grain, ZoneId zone) {
        ZonedDateTime there = at.atZone(zone);
        LocalDate day = there.toLocalDate();
        return switch (grain) {
            case "hour" -> there.truncatedTo(ChronoUnit.HOURS).toInstant().toString();
            case "day" -> midnight(day);
            case "week" -> midnight(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
            case "month" -> midnight(day.withDayOfMonth(1));
            case "quarter" -> midnight(LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / 3 * 3 + 1, 1));
            default -> midnight(LocalDate.of(day.getYear(), 1, 1));
        };
    }

    private static String midnight(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toString();
    }

    private static boolean meets(Fact fact, String condition) {
        String[] parts = condition.split(":", 3);
        String value = fact.dimensions().get(parts[0]);
        List<String> texts = Arrays.asList(parts[2].split(","));
        if (value == null) {
            return parts[1].equals("ne") || parts[1].equals("not_in");
        }
        return switch (parts[1]) {
            case "eq" -> value.equals(parts[2]);
            case "ne" -> !value.equals(parts[2]);
            case "in" -> texts.contains(value);
            case "not_in" -> !texts.contains(value);
            case "lt" -> value.compareTo(parts[2]) < 0;
            case "le" -> value.compareTo(parts[2]) <= 0;
            case "gt" -> value.compareTo(parts[2]) > 0;
            case "ge" -> value.compareTo(parts[2]) >= 0;
            case "between" -> value.compareTo(texts.get(0)) >= 0 && value.compareTo(texts.get(1)) <= 0;
            case "like" ->
                value.length() >= 2 && value.charAt(0) == parts[2].charAt(0) && value.endsWith(parts[2].substring(2));
            default -> throw new IllegalArgumentException(condition);
        };
    }
}
