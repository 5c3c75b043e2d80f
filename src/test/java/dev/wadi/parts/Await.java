package dev.wadi.parts;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what other threads and processes bring about. How long they take is no concern of a test: the patience is long. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LOOK = Duration.ofMillis(20);

    private Await() {}

    /** Returns when {@code condition} holds. */
    public static void until(Callable<Boolean> condition) throws Exception {
        until("what the test waits for", condition);
    }

    /**
     * Returns when {@code condition} holds.
     *
     * @param what is waited for, for the error when it does not come
     */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within %s: %s".formatted(PATIENCE, what));
            }
            Thread.sleep(LOOK);
        }
    }
}
