package dev.wadi.event;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the texts of a flat source write what is no text.
 *
 * @param dates patterns of {@link DateTimeFormatter}, such as {@code dd.MM.yyyy}; then no other way to write a date is
 *     taken. Empty for ISO 8601
 * @param timestamps the same for timestamps
 * @param zone where a timestamp is that does not say so; null when it has to
 * @param decimalComma whether {@code 1.234,50} is a number, and {@code 1,234.50} none
 */
public record FlatFormat(
        List<String> dates,
        List<String> timestamps,
        @Nullable ZoneId zone,
        boolean decimalComma) {
    /** ISO 8601, with an offset in each timestamp, and a point in numbers. */
    public static final FlatFormat ISO = new FlatFormat(List.of(), List.of(), null, false);

    /** @throws IllegalArgumentException when a pattern is none; the message says what to write */
    public FlatFormat {
        dates = List.copyOf(dates);
        timestamps = List.copyOf(timestamps);
        dates.forEach(FlatFormat::formatter);
        timestamps.forEach(FlatFormat::formatter);
    }

    static DateTimeFormatter formatter(String pattern) {
        try {
            return DateTimeFormatter.ofPattern(proleptic(pattern)).withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'%s' is not a pattern of dates: %s. Write one such as dd.MM.yyyy or dd/MM/yyyy HH:mm:ss"
                            .formatted(pattern, e.getMessage()),
                    e);
        }
    }

    /** Without the clemency of Java, that takes 31.02. for 28.02., a year needs an era; {@code u} is the year without. */
    private static String proleptic(String pattern) {
        StringBuilder out = new StringBuilder(pattern);
        boolean quoted = false;
        for (int i = 0; i < out.length(); i++) {
            if (out.charAt(i) == '\'') {
                quoted = !quoted;
            } else if (out.charAt(i) == 'y' && !quoted) {
                out.setCharAt(i, 'u');
            }
        }
        return out.toString();
    }
}
