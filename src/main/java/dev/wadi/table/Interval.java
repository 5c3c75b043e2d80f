package dev.wadi.table;

import dev.wadi.contract.TableName;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Delta's table properties have them: {@code interval 1 week}, {@code interval 36 hours}. */
final class Interval {
    private static final Pattern WHOLE = Pattern.compile("(interval)?(\\s*\\d+\\s*[a-z]+)+\\s*");
    private static final Pattern PART = Pattern.compile("(\\d+)\\s*([a-z]+?)s?\\b");

    private Interval() {}

    static Duration parse(TableName table, String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (!WHOLE.matcher(lower).matches()) {
            throw cannotRead(table, text);
        }
        Duration sum = Duration.ZERO;
        for (Matcher part = PART.matcher(lower); part.find(); ) {
            long count = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "week" -> Duration.ofDays(7 * count);
                        case "day" -> Duration.ofDays(count);
                        case "hour" -> Duration.ofHours(count);
                        case "minute" -> Duration.ofMinutes(count);
                        case "second" -> Duration.ofSeconds(count);
                        case "millisecond" -> Duration.ofMillis(count);
                        default -> throw cannotRead(table, text);
                    });
        }
        return sum;
    }

    private static TableException cannotRead(TableName table, String text) {
        return new TableException(
                "%s: the table property delta.deletedFileRetentionDuration is '%s': write it as interval 7 days"
                        .formatted(table, text));
    }
}
