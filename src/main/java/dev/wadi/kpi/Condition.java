package dev.wadi.kpi;

import java.util.List;

/**
 * Rows that an answer is made of: those whose dimension compares so with the values.
 *
 * @param values one, or several for {@link Operator#IN}; each of the Java type that JDBC binds for the column
 */
public record Condition(Dimension dimension, Operator operator, List<Object> values) {
    public Condition {
        values = List.copyOf(values);
        if (values.isEmpty() || (operator != Operator.IN && values.size() > 1)) {
            throw new IllegalArgumentException("%s with %d values".formatted(operator.word(), values.size()));
        }
    }
}
