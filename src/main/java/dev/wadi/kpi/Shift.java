package dev.wadi.kpi;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How far back the span lies that an answer is compared with.
 *
 * @param word as it was asked: {@code previous_period}, {@code previous_year}, {@code -7d}
 * @param byPosition whether the first period is compared with the first, the second with the second; otherwise each with
 *     the one that the calendar has so long before
 */
public record Shift(String word, long amount, ChronoUnit unit, boolean byPosition) {

    /** A period and the one it is compared with, each by its start. */
    record Pair(Temporal now, Temporal before) {}

    LocalDate back(LocalDate day) {
        return day.minus(amount, unit);
    }

    Instant back(Instant instant, ZoneId zone) {
        return instant.atZone(zone).minus(amount, unit).toInstant();
    }

    /** Pairs of the periods of a span; a period that has no counterpart (March 31, a month before) is in none. */
    List<Pair> pairs(Span span, Grain grain, int most) {
        List<Temporal> now = span.periods(grain, most);
        List<Pair> pairs = new ArrayList<>();
        if (byPosition) {
            List<Temporal> before = span.before(this).periods(grain, most);
            for (int n = 0; n < Math.min(now.size(), before.size()); n++) {
                pairs.add(new Pair(now.get(n), before.get(n)));
            }
            return pairs;
        }
        Set<Temporal> taken = new HashSet<>();
        for (Temporal start : now) {
            Temporal before = counterpart(start, grain, span.zone());
            if (exists(start, grain) && taken.add(before)) {
                pairs.add(new Pair(start, before));
            }
        }
        return pairs;
    }

    private Temporal counterpart(Temporal start, Grain grain, ZoneId zone) {
        return start instanceof Instant hour
                ? Grain.hour(back(hour, zone), zone)
                : grain.start(back((LocalDate) start));
    }

    /** Whether the calendar has the day so long before: February has no 30th. */
    private boolean exists(Temporal start, Grain grain) {
        return grain != Grain.DAY || back((LocalDate) start).plus(amount, unit).equals(start);
    }
}
