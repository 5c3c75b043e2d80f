package dev.wadi.kpi;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a condition compares with its values. A row without a value meets none but {@link #NE} and {@link #NOT_IN}. */
public enum Operator {
    EQ,
    /** Rows that have no value are different from every value. */
    NE,
    /** Any of a list of values, separated by commas. */
    IN,
    /** None of a list of values; rows that have no value are among those that remain. */
    NOT_IN,
    LT,
    LE,
    GT,
    GE,
    /** From one value to another, both included. */
    BETWEEN,
    /** Text in which % stands for any text and _ for one character; a backslash before either makes it plain. */
    LIKE;

    /** As people write it: {@code not_in}. */
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

    /** Whether its values are written with commas between them. */
    boolean listed() {
        return this == IN || this == NOT_IN || this == BETWEEN;
    }

    /** @throws IllegalArgumentException when it does not take so many values */
    void check(int values) {
        boolean fits = switch (this) {
            case IN, NOT_IN -> values > 0;
            case BETWEEN -> values == 2;
            case EQ, NE, LT, LE, GT, GE, LIKE -> values == 1;
        };
        if (!fits) {
            throw new IllegalArgumentException("%s with %d values".formatted(word(), values));
        }
    }

    /** SQL with a place for each value. */
    String sql(String column, int values) {
        return switch (this) {
            case EQ -> column + " = ?";
            case NE -> column + " IS DISTINCT FROM ?";
            case IN -> "%s IN (%s)".formatted(column, places(values));
            case NOT_IN -> "(%s NOT IN (%s) OR %s IS NULL)".formatted(column, places(values), column);
            case LT -> column + " < ?";
            case LE -> column + " <= ?";
            case GT -> column + " > ?";
            case GE -> column + " >= ?";
            case BETWEEN -> column + " BETWEEN ? AND ?";
            case LIKE -> column + " LIKE ? ESCAPE '\\'";
        };
    }

    private static String places(int values) {
        return String.join(", ", Collections.nCopies(values, "?"));
    }
}
