package dev.wadi.generator;

import java.time.Instant;

/**
 * What to generate. The rates do not change the story, only how it arrives: the same seed tells the same one.
 *
 * @param seed the same seed and rates give the same texts
 * @param start when the first event happens; the others follow at the pace of the story, not of the caller
 * @param duplicates share of the events that arrive a second time, up to {@value Faults#LATEST_COPY} events later
 * @param reordered share of the events with a successor (of the same booking or session) that arrive after it
 * @param malformed share of the events that do not fit their contract; they are JSON objects all the same
 */
public record Options(long seed, Instant start, double duplicates, double reordered, double malformed) {
    public Options {
        requireShare("duplicates", duplicates);
        requireShare("reordered", reordered);
        requireShare("malformed", malformed);
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
