package dev.wadi.kpi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a condition compares a dimension with its values. */
public enum Operator {
    EQ,
    /** Rows that have no value are different from every value. */
    NE,
    /** Any of a list of values, separated by commas. */
    IN,
    LT,
    LE,
    GT,
    GE;

    /** As people write it: {@code eq}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Operator> find(String word) {
        return Arrays.stream(values())
                .filter(operator -> operator.word().equals(word))
                .findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Operator::word).toList();
    }
}
