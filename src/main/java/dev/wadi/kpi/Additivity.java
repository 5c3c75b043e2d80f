package dev.wadi.kpi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether the values of several groups make, added up, the value of all of them. */
public enum Additivity {
    /** They do: amounts, numbers of orders. */
    ADDITIVE,
    /** They do across dimensions but not over time: what is counted again in each period. */
    SEMI_ADDITIVE,
    /** They do not: ratios, averages, different users. */
    NON_ADDITIVE;

    /** As people write it: {@code semi-additive}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Additivity> find(String word) {
        return Arrays.stream(values())
                .filter(additivity -> additivity.word().equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Additivity::word).toList();
    }
}
