package dev.wadi.kpi;

import java.util.List;

/** Rows of the answer that are kept: those whose figure compares so with the numbers. */
public record Having(Figure figure, Operator operator, List<Object> values) {
    public Having {
        values = List.copyOf(values);
        operator.check(values.size());
    }
}
