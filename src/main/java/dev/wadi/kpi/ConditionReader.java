package dev.wadi.kpi;

import dev.wadi.contract.ColumnType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Reads the conditions of a question: {@code dimension:operator:value}, and the same of a figure. */
final class ConditionReader {
    /** Figures are compared as doubles, whatever type the measure has. */
    private static final ColumnType NUMBER = ColumnType.Simple.DOUBLE;

    private final Kpi kpi;

    ConditionReader(Kpi kpi) {
        this.kpi = kpi;
    }

    /** A condition taken apart. */
    private record Parts(String name, Operator operator, List<String> values) {}

    Condition where(String text) {
        String example = kpi.dimensionNames().stream().findFirst().orElse("dimension") + ":eq:value";
        Parts parts = parts("where", text, "dimension", example);
        Dimension dimension = dimension("where", parts.name());
        return new Condition(
                dimension, parts.operator(), values("where", text, dimension.name(), dimension.type(), parts));
    }

    Having having(String text, boolean compared) {
        Parts parts = parts("having", text, "figure", "value:gt:100");
        Figure figure = Figure.find(parts.name(), compared)
                .orElseThrow(() -> new QuestionException(
                        "having",
                        "having=%s: a row has no figure '%s'. Use %s."
                                .formatted(text, parts.name(), String.join(", ", Figure.words(compared))),
                        Figure.words(compared)));
        return new Having(
                figure,
                parts.operator(),
                values("having", text, figure.word(), NUMBER, parts).stream()
                        .map(number -> (Object) ((BigDecimal) number).doubleValue())
                        .toList());
    }

    Dimension dimension(String parameter, String name) {
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

    private static Parts parts(String parameter, String text, String what, String example) {
        String[] parts = text.split(":", 3);
        if (parts.length < 3) {
            throw new QuestionException(
                    parameter,
                    "%s=%s is not a condition. Write %s:operator:value, such as %s."
                            .formatted(parameter, text, what, example),
                    List.of(what + ":operator:value"));
        }
        Operator operator = Operator.find(parts[1])
                .orElseThrow(() -> new QuestionException(
                        parameter,
                        "%s=%s: there is no operator '%s'. Use %s."
                                .formatted(parameter, text, parts[1], String.join(", ", Operator.words())),
                        Operator.words()));
        return new Parts(parts[0], operator, operator.listed() ? list(parts[2]) : List.of(parts[2]));
    }

    private static List<Object> values(String parameter, String text, String what, ColumnType type, Parts parts) {
        List<String> texts = parts.values();
        if (parts.operator() == Operator.BETWEEN && texts.size() != 2) {
            throw new QuestionException(
                    parameter,
                    "%s=%s: between takes two values, and there %s %d. Write them with a comma: between:1,9."
                            .formatted(parameter, text, texts.size() == 1 ? "is" : "are", texts.size()),
                    List.of("between:low,high"));
        }
        if (parts.operator() == Operator.LIKE) {
            return List.of(pattern(parameter, text, what, type, texts.getFirst()));
        }
        List<Object> values = new ArrayList<>();
        for (String each : texts) {
            values.add(Value.read(type, each)
                    .orElseThrow(() -> new QuestionException(
                            parameter,
                            "%s=%s: '%s' cannot be compared with %s. Write %s."
                                    .formatted(parameter, text, each, what, Value.form(type)),
                            List.of(Value.form(type)))));
        }
        return values;
    }

    private static String pattern(String parameter, String text, String what, ColumnType type, String pattern) {
        if (type != ColumnType.Simple.STRING && type != ColumnType.Simple.JSON) {
            throw new QuestionException(
                    parameter,
                    "%s=%s: like compares text, and %s is none. Use another operator.".formatted(parameter, text, what),
                    Operator.words().stream()
                            .filter(word -> !word.equals("like"))
                            .toList());
        }
        int end = pattern.length();
        while (end > 0 && pattern.charAt(end - 1) == '\\') {
            end--;
        }
        if ((pattern.length() - end) % 2 == 1) {
            throw new QuestionException(
                    parameter,
                    "%s=%s ends with a backslash, and nothing follows that it could make plain. Write two for a backslash itself."
                            .formatted(parameter, text),
                    List.of("%", "_", "\\%", "\\_", "\\\\"));
        }
        return pattern;
    }

    /** Texts between commas; a backslash makes a comma or a backslash plain. */
    private static List<String> list(String text) {
        List<String> texts = new ArrayList<>();
        StringBuilder each = new StringBuilder();
        for (int n = 0; n < text.length(); n++) {
            char c = text.charAt(n);
            if (c == '\\' && n + 1 < text.length() && (text.charAt(n + 1) == ',' || text.charAt(n + 1) == '\\')) {
                each.append(text.charAt(++n));
            } else if (c == ',') {
                texts.add(each.toString());
                each.setLength(0);
            } else {
                each.append(c);
            }
        }
        texts.add(each.toString());
        return texts;
    }
}
