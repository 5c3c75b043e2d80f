package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.kpi.Moment;
import dev.wadi.kpi.Question;
import dev.wadi.lineage.Patience;
import dev.wadi.lineage.Receipts;
import io.micronaut.http.HttpStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How fresh an answer is wished.
 *
 * @param after the receipt whose events it must hold; null for none
 * @param staleness what came in longer ago than that must be in it; null for no matter
 * @param limit how long to wait for either
 */
record Wishes(@Nullable String after, @Nullable Duration staleness, Duration limit) {
    static final String AFTER = "after";
    static final String MAX_STALENESS = "max_staleness";
    static final String WAIT = "wait";
    static final List<String> PARAMETERS = List.of(AFTER, MAX_STALENESS, WAIT);

    private static final Pattern LENGTH = Pattern.compile("([0-9]{1,6})(ms|s|m)");
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** Takes the wishes out of what is asked. @throws Problem 400 when one is wrong */
    static Wishes take(Map<String, List<String>> asked) {
        String after = single(asked, AFTER);
        if (after != null && !Receipts.isOne(after)) {
            throw Parameters.problem(
                    AFTER,
                    "after=%s is no receipt. Write the `receipt` of an answer of POST /api/events.".formatted(after),
                    List.of("a receipt"));
        }
        Duration staleness = length(MAX_STALENESS, single(asked, MAX_STALENESS));
        Duration wait = length(WAIT, single(asked, WAIT));
        if (wait != null && wait.compareTo(LONGEST_WAIT) > 0) {
            throw Parameters.problem(
                    WAIT, "Nobody waits longer than a minute here. Write wait=60s, or ask again.", List.of("0ms..60s"));
        }
        return new Wishes(after, staleness, wait == null ? DEFAULT_WAIT : wait);
    }

    private static @Nullable String single(Map<String, List<String>> asked, String name) {
        List<String> values = asked.remove(name);
        if (values == null || values.isEmpty() || values.getFirst().isBlank()) {
            return null;
        }
        if (values.size() > 1) {
            throw Parameters.problem(
                    name, "%s is there %d times. Write it once.".formatted(name, values.size()), List.of("once"));
        }
        return values.getFirst();
    }

    private static @Nullable Duration length(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Matcher length = LENGTH.matcher(text);
        if (!length.matches()) {
            throw Parameters.problem(
                    name,
                    "%s=%s is no length of time. Write a number with ms, s or m, such as 5s.".formatted(name, text),
                    List.of("500ms", "5s", "1m"));
        }
        long number = Long.parseLong(length.group(1));
        return switch (length.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    private boolean none() {
        return after == null && staleness == null;
    }

    /**
     * Waits until the question's tables are as fresh as wished.
     *
     * @return their watermark, as of before they are read; null for a question about versions of the past
     * @throws Problem 412 when they are not in time; 400 when the past is asked to be fresh
     */
    @Nullable
    Instant await(Timeliness timeliness, Question question) {
        if (!(question.moment() instanceof Moment.Newest)) {
            if (!none()) {
                throw Parameters.problem(
                        after == null ? MAX_STALENESS : AFTER,
                        "What is asked as_of a moment or from given versions gets no fresher. Leave out after and max_staleness, or as_of and versions.",
                        List.of());
            }
            return null;
        }
        Set<TableName> tables = question.tables();
        long start = System.nanoTime();
        try {
            if (after != null) {
                arrived(timeliness.until(after, tables, limit), tables);
            }
            if (staleness == null) {
                return timeliness.watermark(tables);
            }
            Duration left = limit.minusNanos(System.nanoTime() - start);
            Instant watermark = timeliness.untilFresh(tables, staleness, left.isNegative() ? Duration.ZERO : left);
            if (watermark.isBefore(Instant.now().minus(staleness).minus(Duration.ofMillis(50)))) {
                throw new Problem(
                                HttpStatus.PRECONDITION_FAILED,
                                "Not fresh enough",
                                "The answer holds what came in before %s, which is longer than %s ago, and %s of waiting did not change that. Wait longer with wait=60s, allow more with max_staleness, or look at /api/routes for a route that stands still."
                                        .formatted(watermark, text(staleness), text(limit)))
                        .with("watermark", watermark.toString());
            }
            return watermark;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(HttpStatus.SERVICE_UNAVAILABLE, "Stopping", "Wadi is being stopped. Ask again later.");
        }
    }

    private void arrived(Patience.Arrived arrived, Set<TableName> tables) {
        if (arrived == Patience.Arrived.EVERYWHERE) {
            return;
        }
        throw new Problem(
                HttpStatus.PRECONDITION_FAILED,
                "Not there yet",
                arrived == Patience.Arrived.COMMITTED
                        ? "The events of the receipt %s are in bronze, and after %s not yet in all of %s. Ask again, or look at /api/routes for a route that stands still."
                                .formatted(after, text(limit), tables)
                        : "The events of the receipt %s did not reach a table that %s is made of within %s: they wait in the broker, were refused (see /api/quarantine), or are of a stream that this KPI does not count."
                                .formatted(after, tables, text(limit)));
    }

    private static String text(Duration length) {
        return length.toMillis() % 1_000 == 0 ? length.toSeconds() + "s" : length.toMillis() + "ms";
    }
}
