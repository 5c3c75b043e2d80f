package dev.wadi.generator;

import java.time.Instant;
import java.util.Random;

/** The clock of a story: how long until something happens, in milliseconds, and how busy an hour of the day is. */
final class Pace {
    /** Share of the busiest hour, from midnight UTC. */
    private static final double[] BUSY = {
        0.20, 0.15, 0.12, 0.10, 0.12, 0.18, 0.30, 0.45, 0.60, 0.72, 0.80, 0.85,
        0.90, 0.88, 0.82, 0.80, 0.82, 0.88, 0.95, 1.00, 0.98, 0.85, 0.60, 0.35
    };

    private static final long HOUR = 3_600_000;

    private final Random random;

    Pace(Random random) {
        this.random = random;
    }

    /**
     * A wait with the mean {@code mean}: many short ones and a few long ones. At least 1. The arithmetic is strict, so
     * that every machine waits the same.
     */
    long about(long mean) {
        return 1 + (long) (-StrictMath.log(1 - random.nextDouble()) * mean);
    }

    /** As {@link #about}, longer when {@code now}, in milliseconds since the epoch, is in a quiet hour. */
    long aboutAt(long now, long meanInBusiestHour) {
        double busy = BUSY[(int) Math.floorMod(now / HOUR, 24L)];
        return about((long) (meanInBusiestHour / busy));
    }

    /** Writes {@code millis} as ISO 8601 in UTC. */
    static void write(StringBuilder out, long millis) {
        out.append(Instant.ofEpochMilli(millis));
    }
}
