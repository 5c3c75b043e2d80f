package dev.wadi.poll;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a route polls.
 *
 * @param query a SELECT that gives the rows
 * @param watermark the columns that order the rows by their change, the time first and what tells rows of one time apart last;
 *     each column as the SELECT names it
 * @param overlap how far back each poll looks again, for transactions that commit after later ones; null for the usual
 * @param pageRows the most rows of one SELECT
 */
record PollSettings(
        String query, List<String> watermark, @Nullable Duration overlap, int pageRows) {
    static final Duration OVERLAP = Duration.ofMinutes(1);
    static final int PAGE_ROWS = 5_000;

    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    PollSettings {
        watermark = List.copyOf(watermark);
        if (watermark.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(
                    "watermark=%s: write the columns that order the rows by their change, such as watermark=updated_at,id"
                            .formatted(String.join(",", watermark)));
        }
        if (overlap != null && overlap.isNegative()) {
            throw new IllegalArgumentException("overlap=%s: write 0 or more, such as overlap=60s".formatted(overlap));
        }
        if (pageRows == 0) {
            pageRows = PAGE_ROWS;
        }
        if (pageRows < 1) {
            throw new IllegalArgumentException(
                    "maxMessagesPerPoll=%d: write 1 or more, such as %d".formatted(pageRows, PAGE_ROWS));
        }
    }

    static List<String> columns(String text) {
        return List.of(COMMA.split(text.strip(), -1));
    }
}
