package dev.wadi.kpi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A number in a row of an answer. */
public enum Figure {
    VALUE,
    /** The value in the span that is compared with. */
    PREVIOUS,
    /** Value minus previous. */
    DIFFERENCE,
    /** Value by previous; none where that is 0. */
    RATIO;

    /** As people write it: {@code value}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its column in the query. */
    String column() {
        return "_" + word();
    }

    /** Those that a row has. */
    public static List<Figure> of(boolean compared) {
        return compared ? List.of(values()) : List.of(VALUE);
    }

    static Optional<Figure> find(String word, boolean compared) {
        return of(compared).stream()
                .filter(figure -> figure.word().equals(word))
                .findFirst();
    }

    static List<String> words(boolean compared) {
        return of(compared).stream().map(Figure::word).toList();
    }

    /** Names that no dimension may have. */
    static List<String> all() {
        return Arrays.stream(values()).map(Figure::word).toList();
    }
}
