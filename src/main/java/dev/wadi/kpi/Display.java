package dev.wadi.kpi;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a value is shown to people. Answers carry the number itself, with every digit.
 *
 * @param decimals digits behind the point
 */
public record Display(Style style, int decimals) {
    static final int MOST_DECIMALS = 12;

    /** What the number stands for. */
    public enum Style {
        NUMBER,
        /** 0.25 is shown as 25 %. */
        PERCENT,
        /** Money; the currency is a dimension or stands in the unit. */
        CURRENCY,
        /** A length of time: 90 is shown as 1:30. */
        SECONDS;

        /** As people write it: {@code percent}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Style> find(String word) {
            return Arrays.stream(values())
                    .filter(style -> style.word().equals(word))
                    .findFirst();
        }

        static List<String> words() {
            return Arrays.stream(values()).map(Style::word).toList();
        }
    }
}
