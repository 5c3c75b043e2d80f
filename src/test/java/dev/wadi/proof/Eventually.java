package dev.wadi.proof;

import java.time.Duration;
import java.util.List;

/** Waits for what comes by itself. */
final class Eventually {

    private Eventually() {}

    /** Says what differs; nothing when all is well. */
    @FunctionalInterface
    interface Check {
        List<String> differences() throws Exception;
    }

    /**
     * Asks again and again until nothing differs.
     *
     * @return the last differences: none, unless the time ran out
     */
    static List<String> same(Duration limit, Check check) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            List<String> differences = check.differences();
            if (differences.isEmpty() || System.nanoTime() > deadline) {
                return differences;
            }
            Thread.sleep(300);
        }
    }
}
