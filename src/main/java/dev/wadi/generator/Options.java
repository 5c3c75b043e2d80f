package dev.wadi.generator;

import java.time.Instant;

/**
 * What to generate. Duplicates, lateness and order do not change the story, only how it arrives: the same seed tells the same one.
 *
 * @param seed the same seed and rates give the same texts
 * @param start when the first event happens; the others follow at the pace of the story, not of the caller
 * @param duplicates share of the events that arrive a second time, up to {@value Faults#LATEST_COPY} events later
 * @param reordered share of the events with a successor (of the same booking or session) that arrive after it
 * @param malformed share of the events that do not fit their contract; they are JSON objects all the same
 * @param late share of the events that arrive {@value Faults#SOONEST_LATE} to {@value Faults#LATEST_LATE} events later
 * @param ties share of the events that another event follows, of the same key and time and with another content
 * @param nulls share of the events in which a field that may be null is null
 * @param drift share of the events with a field that their contract does not know
 */
public record Options(
        long seed,
        Instant start,
        double duplicates,
        double reordered,
        double malformed,
        double late,
        double ties,
        double nulls,
        double drift) {
    public Options {
        requireShare("duplicates", duplicates);
        requireShare("reordered", reordered);
        requireShare("malformed", malformed);
        requireShare("late", late);
        requireShare("ties", ties);
        requireShare("nulls", nulls);
        requireShare("drift", drift);
    }

    /** Some events twice, some out of order, some malformed. */
    public Options(long seed, Instant start, double duplicates, double reordered, double malformed) {
        this(seed, start, duplicates, reordered, malformed, 0, 0, 0, 0);
    }

    /** Every event once, in order and well formed. */
    public static Options clean(long seed, Instant start) {
        return new Options(seed, start, 0, 0, 0);
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "%s is a share of the events, from 0 to 1, but was %s: for 2%% write 0.02".formatted(name, share));
        }
    }
}
