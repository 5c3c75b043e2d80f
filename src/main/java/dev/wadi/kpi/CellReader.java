package dev.wadi.kpi;

import java.time.Clock;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Cell} from the parameters of a request: those of its answer, {@code cell} for each column that tells its row from
 * others, and {@code figure}.
 */
public final class CellReader {
    static final String CELL = "cell";
    static final String FIGURE = "figure";
    /** What makes a row, but not the facts that it is made of. */
    private static final List<String> OF_ANSWERS = List.of("fill", "having", "order", "totals");

    public static final List<String> PARAMETERS = Stream.concat(
                    QuestionReader.PARAMETERS.stream().filter(name -> !OF_ANSWERS.contains(name)),
                    Stream.of(CELL, FIGURE))
            .toList();

    private CellReader() {}

    /**
     * @param parameters each with its values in the order they came; limit and offset are about the facts
     * @throws QuestionException for the first thing that is wrong
     * @throws ForbiddenQuestionException when who asks may not see any row
     */
    public static Cell read(Kpi kpi, Map<String, List<String>> parameters, Clock clock, Claims claims) {
        new Asked(parameters).only(PARAMETERS);
        Map<String, List<String>> asked = new LinkedHashMap<>(parameters);
        List<String> words = asked.remove(CELL);
        List<String> figure = asked.remove(FIGURE);
        asked.putIfAbsent("limit", List.of("100"));
        Question question = QuestionReader.read(kpi, asked, clock, claims);
        return new Words(question, words == null ? List.of() : words)
                .cell(previous(question, figure == null ? List.of() : figure));
    }

    private static boolean previous(Question question, List<String> figure) {
        List<String> allowed = question.compareTo() == null
                ? List.of(Figure.VALUE.word())
                : List.of(Figure.VALUE.word(), Figure.PREVIOUS.word());
        String word = new Asked(Map.of(FIGURE, figure)).single(FIGURE).orElse(Figure.VALUE.word());
        if (!allowed.contains(word)) {
            throw new QuestionException(
                    FIGURE,
                    "figure=%s is made of no rows of its own. Use %s.".formatted(word, String.join(", ", allowed))
                            + (word.equals(Figure.PREVIOUS.word()) ? " previous needs compare_to." : ""),
                    allowed);
        }
        return word.equals(Figure.PREVIOUS.word());
    }

    /** The words {@code name:value} of a cell. */
    private record Words(Question question, List<String> words) {
        Cell cell(boolean previous) {
            List<String> wanted = Stream.concat(
                            question.grain() == null ? Stream.of() : Stream.of(Order.TIME),
                            question.by().stream().map(Dimension::name))
                    .toList();
            Map<String, @Nullable String> given = new LinkedHashMap<>();
            for (String word : words) {
                int colon = word.indexOf(':');
                String name = colon < 0 ? word : word.substring(0, colon);
                if (!wanted.contains(name)) {
                    throw wrong(
                            "cell=%s: the rows are not told apart by '%s'. ".formatted(word, name) + form(wanted),
                            wanted);
                }
                if (given.containsKey(name)) {
                    throw wrong("cell says '%s' twice. ".formatted(name) + form(wanted), wanted);
                }
                given.put(name, colon < 0 ? null : word.substring(colon + 1));
            }
            for (String name : wanted) {
                if (!given.containsKey(name)) {
                    throw wrong("cell does not say which '%s' the row has. ".formatted(name) + form(wanted), wanted);
                }
            }
            List<@Nullable Object> by = new ArrayList<>();
            for (Dimension dimension : question.by()) {
                by.add(value(dimension, given.get(dimension.name())));
            }
            return new Cell(question, time(given.get(Order.TIME)), by, previous);
        }

        private @Nullable Temporal time(@Nullable String text) {
            Grain grain = question.grain();
            if (grain == null) {
                return null;
            }
            Temporal time = text == null ? null : Cell.time(grain, text);
            if (time == null) {
                throw wrong(
                        "cell=time:%s is no start of a period. Write it as the row has it, such as cell=time:%s."
                                .formatted(text, Cell.form(grain)),
                        List.of("time:" + Cell.form(grain)));
            }
            return time;
        }

        private static @Nullable Object value(Dimension dimension, @Nullable String text) {
            return text == null
                    ? null
                    : Value.read(dimension.type(), text)
                            .orElseThrow(() -> wrong(
                                    "cell=%s:%s: '%s' is no value of %s. Write %s."
                                            .formatted(
                                                    dimension.name(),
                                                    text,
                                                    text,
                                                    dimension.name(),
                                                    Value.form(dimension.type())),
                                    List.of(Value.form(dimension.type()))));
        }

        private static String form(List<String> wanted) {
            return wanted.isEmpty()
                    ? "The answer has one row: leave cell out."
                    : "Write cell=name:value as the row has it, or cell=name where it has none, for each of: %s."
                            .formatted(String.join(", ", wanted));
        }

        private static QuestionException wrong(String message, List<String> allowed) {
            return new QuestionException(CELL, message, allowed);
        }
    }
}
