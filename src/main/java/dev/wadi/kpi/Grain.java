package dev.wadi.kpi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The length of the periods that an answer is cut into. A period is named by its first day. */
public enum Grain {
    DAY,
    /** ISO 8601: from Monday to Sunday. */
    WEEK,
    MONTH,
    QUARTER,
    YEAR;

    /** As people write it: {@code month}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Grain> find(String word) {
        return Arrays.stream(values())
                .filter(grain -> grain.word().equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Grain::word).toList();
    }
}
