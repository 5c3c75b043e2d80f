package dev.wadi.kpi;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Question} from the parameters of a request. Strict: a parameter that it does not know is refused. */
public final class QuestionReader {
    public static final List<String> PARAMETERS =
            List.of("from", "to", "grain", "by", "where", "asOf", "limit", "offset");
    public static final int DEFAULT_LIMIT = 1_000;
    public static final int MAX_LIMIT = 10_000;

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private final Kpi kpi;
    private final Map<String, List<String>> parameters;

    private QuestionReader(Kpi kpi, Map<String, List<String>> parameters) {
        this.kpi = kpi;
        this.parameters = parameters;
    }

    /**
     * @param parameters each with its values in the order they came
     * @throws QuestionException for the first thing that is wrong
     */
    public static Question read(Kpi kpi, Map<String, List<String>> parameters) {
        for (String name : parameters.keySet()) {
            if (!PARAMETERS.contains(name)) {
                throw new QuestionException(
                        name,
                        "There is no parameter '%s'. Use %s.".formatted(name, String.join(", ", PARAMETERS)),
                        PARAMETERS);
            }
        }
        return new QuestionReader(kpi, parameters).read();
    }

    private Question read() {
        LocalDate from = date("from");
        LocalDate to = date("to");
        if (from != null && to != null && from.isAfter(to)) {
            throw new QuestionException(
                    "from",
                    "from=%s is after to=%s: no day lies between them. Exchange them.".formatted(from, to),
                    List.of("from <= to"));
        }
        return new Question(
                kpi,
                from,
                to,
                grain(),
                by(),
                where(),
                asOf(),
                (int) number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
                number("offset", 0, 0, Integer.MAX_VALUE));
    }

    private @Nullable LocalDate date(String name) {
        Optional<String> text = single(name);
        if (text.isEmpty()) {
            return null;
        }
        try {
            if (DATE.matcher(text.get()).matches()) {
                return LocalDate.parse(text.get());
            }
        } catch (DateTimeException e) {
            // a day that the calendar does not have, such as 2026-02-30: said below
        }
        throw new QuestionException(
                name,
                "%s=%s is not a day. Write it as YYYY-MM-DD, such as 2026-01-31.".formatted(name, text.get()),
                List.of("YYYY-MM-DD"));
    }

    private @Nullable Instant asOf() {
        Optional<String> text = single("asOf");
        if (text.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text.get()).toInstant();
        } catch (DateTimeException e) {
            throw new QuestionException(
                    "asOf",
                    "asOf=%s is no time. Write it with its offset, such as 2026-01-31T12:00:00Z.".formatted(text.get()),
                    List.of("YYYY-MM-DDThh:mm:ssZ"));
        }
    }

    private @Nullable Grain grain() {
        Optional<String> word = single("grain");
        if (word.isEmpty()) {
            return null;
        }
        return Grain.find(word.get()).filter(kpi.grains()::contains).orElseThrow(() -> {
            List<String> allowed = kpi.grains().stream().map(Grain::word).toList();
            return new QuestionException(
                    "grain",
                    "%s has no grain '%s'. Use %s, or leave it out for one total."
                            .formatted(kpi.name(), word.get(), String.join(", ", allowed)),
                    allowed);
        });
    }

    private List<Dimension> by() {
        Set<Dimension> by = new LinkedHashSet<>();
        for (String list : parameters.getOrDefault("by", List.of())) {
            for (String name : list.split(",", -1)) {
                if (!name.isBlank()) {
                    by.add(dimension("by", name.strip()));
                }
            }
        }
        return List.copyOf(by);
    }

    private List<Condition> where() {
        List<Condition> conditions = new ArrayList<>();
        for (String text : parameters.getOrDefault("where", List.of())) {
            String[] parts = text.split(":", 3);
            if (parts.length < 3) {
                throw new QuestionException(
                        "where",
                        "where=%s is not a condition. Write dimension:operator:value, such as %s:eq:value."
                                .formatted(
                                        text,
                                        kpi.dimensionNames().stream()
                                                .findFirst()
                                                .orElse("dimension")),
                        List.of("dimension:operator:value"));
            }
            Dimension dimension = dimension("where", parts[0]);
            Operator operator = Operator.find(parts[1])
                    .orElseThrow(() -> new QuestionException(
                            "where",
                            "where=%s: there is no operator '%s'. Use %s."
                                    .formatted(text, parts[1], String.join(", ", Operator.words())),
                            Operator.words()));
            List<String> texts = operator == Operator.IN ? List.of(parts[2].split(",", -1)) : List.of(parts[2]);
            conditions.add(new Condition(
                    dimension,
                    operator,
                    texts.stream().map(value -> value(dimension, text, value)).toList()));
        }
        return conditions;
    }

    private static Object value(Dimension dimension, String condition, String text) {
        return Value.read(dimension.type(), text)
                .orElseThrow(() -> new QuestionException(
                        "where",
                        "where=%s: '%s' cannot be compared with %s. Write %s."
                                .formatted(condition, text, dimension.name(), Value.form(dimension.type())),
                        List.of(Value.form(dimension.type()))));
    }

    private Dimension dimension(String parameter, String name) {
        return kpi.dimension(name).orElseThrow(() -> {
            List<String> allowed = kpi.dimensionNames();
            return new QuestionException(
                    parameter,
                    "%s has no dimension '%s'. %s"
                            .formatted(
                                    kpi.name(),
                                    name,
                                    allowed.isEmpty()
                                            ? "It has none at all: leave %s out.".formatted(parameter)
                                            : "Use %s.".formatted(String.join(", ", allowed))),
                    allowed);
        });
    }

    private long number(String name, long otherwise, long least, long most) {
        Optional<String> text = single(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new QuestionException(
                name,
                "%s=%s is out of range. Write a whole number from %d to %d.".formatted(name, text.get(), least, most),
                List.of("%d..%d".formatted(least, most)));
    }

    /** Empty when it is not there or has no text. */
    private Optional<String> single(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new QuestionException(
                    name, "%s is there %d times. Write it once.".formatted(name, values.size()), List.of("once"));
        }
        return values.stream().filter(value -> !value.isBlank()).findFirst();
    }
}
