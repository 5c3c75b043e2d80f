package dev.wadi.merge;

import java.time.Duration;

/**
 * How an intake makes batches. A batch closes when the first of rows, bytes and age is reached.
 *
 * @param maxAge how long the first delivery of a batch waits for company; a longer one makes fewer, larger files
 * @param maxQueuedRows rows taken in and not committed at which doors wait
 */
public record IntakeSettings(
        int maxBatchRows, long maxBatchBytes, Duration maxAge, long maxQueuedRows, long maxQueuedBytes) {

    public static final IntakeSettings DEFAULTS =
            new IntakeSettings(20_000, 32L << 20, Duration.ofMillis(200), 60_000, 96L << 20);

    public IntakeSettings {
        if (maxBatchRows < 1 || maxBatchBytes < 1 || maxQueuedRows < maxBatchRows || maxQueuedBytes < maxBatchBytes) {
            throw new IllegalArgumentException(
                    "a batch holds at least one row and one byte, and the queue at least one batch");
        }
    }
}
