package dev.wadi.route;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long each transform rests after a run while many events come in, so that all that run take half of the processors
 * together, and doors and intakes have the other half: as many times as long as its run took as there are transforms that run, for each
 * two processors. When the processors are busy, runs take longer, and rests with them. Thread-safe.
 */
final class TransformPace {
    /** A transform that ended a run in this time counts as running. It is longer than any rest. */
    private static final Duration RECENT = Duration.ofSeconds(5);

    static final Duration LONGEST_REST = Duration.ofSeconds(3);

    private final double pairs;
    /** When each last ended a run, as of {@link System#nanoTime}. */
    private final Map<Object, Long> ended = new ConcurrentHashMap<>();

    TransformPace(int processors) {
        this.pairs = Math.max(1, processors / 2.0);
    }

    /** Notes the end of a run. */
    void ended(Object transform) {
        long now = System.nanoTime();
        ended.put(transform, now);
        forget(now);
    }

    /** @return at least as long as it took, and {@link #LONGEST_REST} at most */
    Duration rest(Duration took) {
        forget(System.nanoTime());
        double times = Math.max(1, ended.size() / pairs);
        return Duration.ofNanos((long) Math.min(LONGEST_REST.toNanos(), took.toNanos() * times));
    }

    private void forget(long now) {
        ended.values().removeIf(end -> now - end > RECENT.toNanos());
    }
}
