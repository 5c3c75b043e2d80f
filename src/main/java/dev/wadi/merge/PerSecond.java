package dev.wadi.merge;

import java.util.concurrent.TimeUnit;

/** Counts what comes in a second: the whole one before this, or this one when it is more already. Not thread-safe. */
final class PerSecond {
    /** Which second it is, as of {@link System#nanoTime}. */
    private long second;

    private long now;
    private long before;

    void add(long count) {
        roll();
        now += count;
    }

    long get() {
        roll();
        return Math.max(before, now);
    }

    private void roll() {
        long current = Math.floorDiv(System.nanoTime(), TimeUnit.SECONDS.toNanos(1));
        if (current != second) {
            before = current == second + 1 ? now : 0;
            now = 0;
            second = current;
        }
    }
}
