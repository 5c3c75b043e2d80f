package dev.wadi.kpi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What stands in the rows of periods in which nothing happened. */
public enum Fill {
    NULL("null"),
    ZERO("0");

    private final String word;

    Fill(String word) {
        this.word = word;
    }

    /** As people write it: {@code 0}. */
    public String word() {
        return word;
    }

    static Optional<Fill> find(String word) {
        return Arrays.stream(values())
                .filter(fill -> fill.word.equals(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Fill::word).toList();
    }
}
