package dev.wadi.kpi;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Question} from the parameters of a request. Strict: a parameter that it does not know is refused. */
public final class QuestionReader {
    public static final List<String> PARAMETERS = List.of(
            "from",
            "to",
            "tz",
            "grain",
            "by",
            "where",
            "compare_to",
            "fill",
            "having",
            "order",
            "totals",
            MomentReader.AS_OF,
            MomentReader.VERSIONS,
            "limit",
            "offset");
    public static final int DEFAULT_LIMIT = 1_000;
    public static final int MAX_LIMIT = 10_000;
    /** Periods that may be filled or compared: as many as rows can be answered. */
    static final int MAX_PERIODS = MAX_LIMIT;

    private final Kpi kpi;
    private final Asked asked;
    private final Clock clock;
    private final Claims claims;
    private final ConditionReader conditions;

    private QuestionReader(Kpi kpi, Map<String, List<String>> parameters, Clock clock, Claims claims) {
        this.kpi = kpi;
        this.asked = new Asked(parameters);
        this.clock = clock;
        this.claims = claims;
        this.conditions = new ConditionReader(kpi);
    }

    /**
     * @param parameters each with its values in the order they came
     * @param clock what {@code today} and {@code now} are read from
     * @param claims of who asks
     * @throws QuestionException for the first thing that is wrong
     * @throws ForbiddenQuestionException when who asks may not see any row
     */
    public static Question read(Kpi kpi, Map<String, List<String>> parameters, Clock clock, Claims claims) {
        return new QuestionReader(kpi, parameters, clock, claims).read();
    }

    private Question read() {
        asked.only(PARAMETERS);
        Grain grain = grain();
        boolean compared = asked.single("compare_to").isPresent();
        Fill fill = fill(grain);
        SpanReader spans = new SpanReader(kpi, asked, clock);
        Span span = spans.read(
                grain, compared ? Optional.of("compare_to") : fill != null ? Optional.of("fill") : Optional.empty());
        Shift shift = spans.shift(span);
        if (grain != null && (compared || fill != null)) {
            bounded(grain, span, compared ? "compare_to" : "fill");
        }
        List<Dimension> by = by();
        boolean totals = asked.flag("totals");
        if (totals) {
            addable(grain, by);
        }
        Question question = new Question(
                kpi,
                span,
                grain,
                by,
                where(),
                shift,
                fill,
                asked.all("having").stream()
                        .filter(text -> !text.isBlank())
                        .map(text -> conditions.having(text, compared))
                        .toList(),
                order(grain, by, compared),
                totals,
                new MomentReader(kpi, asked).read(),
                (int) asked.number(
                        "limit",
                        kpi.defaults().limit() == null
                                ? DEFAULT_LIMIT
                                : kpi.defaults().limit(),
                        1,
                        MAX_LIMIT),
                asked.number("offset", 0, 0, Integer.MAX_VALUE));
        MomentReader.complete(question.moment(), question.tables());
        return question;
    }

    private @Nullable Grain grain() {
        Optional<String> word = asked.single("grain");
        List<String> allowed = kpi.grains().stream().map(Grain::word).toList();
        if (word.isEmpty()) {
            if (kpi.additivity() == Additivity.SEMI_ADDITIVE) {
                throw new QuestionException(
                        "grain",
                        "%s is semi-additive: it is not added up over time. Ask for each period with grain=%s."
                                .formatted(kpi.name(), allowed.isEmpty() ? "day" : allowed.getFirst()),
                        allowed);
            }
            return null;
        }
        return Grain.find(word.get()).filter(kpi.grains()::contains).orElseThrow(() -> {
            return new QuestionException(
                    "grain",
                    "%s has no grain '%s'. Use %s, or leave it out for one total."
                            .formatted(kpi.name(), word.get(), String.join(", ", allowed)),
                    allowed);
        });
    }

    private @Nullable Fill fill(@Nullable Grain grain) {
        Optional<String> word = asked.single("fill");
        if (word.isEmpty()) {
            return null;
        }
        Fill fill = Fill.find(word.get())
                .orElseThrow(() -> new QuestionException(
                        "fill",
                        "fill=%s is nothing to fill gaps with. Write 0 or null.".formatted(word.get()),
                        Fill.words()));
        if (grain == null) {
            throw new QuestionException(
                    "fill",
                    "fill=%s needs a grain: without one there are no periods, and no gaps. Add grain, such as grain=day."
                            .formatted(word.get()),
                    kpi.grains().stream().map(Grain::word).toList());
        }
        if (fill == Fill.ZERO && kpi.measure() instanceof Measure.Ratio) {
            throw new QuestionException(
                    "fill",
                    "%s is a ratio, and a ratio of nothing is not 0. Write fill=null.".formatted(kpi.name()),
                    List.of(Fill.NULL.word()));
        }
        return fill;
    }

    private void bounded(Grain grain, Span span, String parameter) {
        if (span.periods(grain, MAX_PERIODS).size() > MAX_PERIODS) {
            throw new QuestionException(
                    parameter,
                    "%s over %s to %s by %s makes more than %d periods. Ask for less time, or for a longer grain."
                            .formatted(parameter, span.fromText(), span.toText(), grain.word(), MAX_PERIODS),
                    kpi.grains().stream().map(Grain::word).toList());
        }
    }

    /** Refuses to add up rows whose sum means nothing. */
    private void addable(@Nullable Grain grain, List<Dimension> by) {
        boolean safe = switch (kpi.additivity()) {
            case ADDITIVE -> true;
            case SEMI_ADDITIVE -> grain == null;
            case NON_ADDITIVE -> false;
        };
        if (!safe) {
            throw new QuestionException(
                    "totals",
                    "%s is %s: its values %s cannot be added up. Leave totals out, and ask without %s for the value of all of it."
                            .formatted(
                                    kpi.name(),
                                    kpi.additivity().word(),
                                    kpi.additivity() == Additivity.SEMI_ADDITIVE
                                            ? "of several periods"
                                            : "of several rows",
                                    by.isEmpty() ? "grain" : "by and grain"),
                    List.of("false"));
        }
    }

    private List<Dimension> by() {
        Set<Dimension> by = new LinkedHashSet<>();
        asked.words("by").forEach(name -> by.add(conditions.dimension("by", name)));
        return List.copyOf(by);
    }

    /** What is asked, what the definition asks unless the question does, and what who asks may see. */
    private List<Condition> where() {
        List<Condition> all = new ArrayList<>();
        for (String text : asked.all("where")) {
            all.add(conditions.where(text));
        }
        List<Dimension> said = all.stream().map(Condition::dimension).toList();
        for (String text : kpi.defaults().where()) {
            Condition condition = conditions.where(text);
            if (!said.contains(condition.dimension())) {
                all.add(condition);
            }
        }
        for (RowFilter filter : kpi.rowFilters()) {
            if (claims.values() != null) {
                all.add(allowed(filter, claims.values().getOrDefault(filter.claim(), List.of())));
            }
        }
        return all;
    }

    private Condition allowed(RowFilter filter, List<String> claimed) {
        Dimension dimension = conditions.dimension("where", filter.dimension());
        List<Object> values = claimed.stream()
                .flatMap(text -> Value.read(dimension.type(), text).stream())
                .toList();
        if (values.isEmpty()) {
            throw new ForbiddenQuestionException(kpi, filter);
        }
        return new Condition(dimension, Operator.IN, values);
    }

    private List<Order> order(@Nullable Grain grain, List<Dimension> by, boolean compared) {
        List<String> keys = Stream.of(
                        grain == null ? Stream.<String>of() : Stream.of(Order.TIME),
                        by.stream().map(Dimension::name),
                        kpi.alwaysBy().stream(),
                        Figure.words(compared).stream())
                .flatMap(each -> each)
                .distinct()
                .toList();
        List<String> words = asked.words("order");
        String own = kpi.defaults().order();
        if (words.isEmpty() && own != null) {
            words = List.of(own.split(","));
        }
        List<Order> order = new ArrayList<>();
        for (String word : words) {
            String[] parts = word.strip().split(":", 2);
            String direction = parts.length == 1 ? "asc" : parts[1];
            if (!keys.contains(parts[0])) {
                throw new QuestionException(
                        "order",
                        "order=%s: the rows have no '%s' to sort by. Use %s."
                                .formatted(word, parts[0], String.join(", ", keys)),
                        keys);
            }
            if (!direction.equals("asc") && !direction.equals("desc")) {
                throw new QuestionException(
                        "order",
                        "order=%s: '%s' is no direction. Write %s:asc or %s:desc."
                                .formatted(word, direction, parts[0], parts[0]),
                        List.of("asc", "desc"));
            }
            order.add(new Order(parts[0], direction.equals("desc")));
        }
        return order;
    }
}
