package dev.wadi.kpi;

import java.util.List;

/**
 * Rows that an answer is made of: those whose dimension compares so with the values.
 *
 * @param values as many as the operator takes; each of the Java type that JDBC binds for the column
 */
public record Condition(Dimension dimension, Operator operator, List<Object> values) {
    public Condition {
        values = List.copyOf(values);
        operator.check(values.size());
    }
}
