package dev.wadi.route;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long a transform rests after a run: as long as it took, so that under load it leaves the processor to others and a lake that has
 * little to do stays fresh.
 *
 * <p>While many events come in, all that run take half of the processors together, and doors and intakes have the other half: each
 * rests as many times as long as its run took as there are transforms that run, for each two processors. When the processors are busy,
 * runs take longer, and rests with them. While somebody waits for what others make, it rests ten times as long as it took; that there
 * is no rest while somebody waits for what it makes is for {@link DeltaConsumer}. Thread-safe.
 */
final class TransformPace {
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);
    /** Rows handed in within a second from which on doors and intakes need processors more than transforms do. */
    private static final long MANY = 1_500;

    private static final Duration LONGEST_SHARE = Duration.ofSeconds(3);
    /** How many times longer a transform rests while somebody waits for what others make. */
    private static final int STEPS_BACK = 10;

    private static final Duration LONGEST_STEP_BACK = Duration.ofSeconds(5);
    /** A transform that ended a run in this time counts as running. It is longer than any share. */
    private static final Duration RECENT = Duration.ofSeconds(5);

    private final Tables tables;
    private final double pairs;
    /** When each last ended a run, as of {@link System#nanoTime}. */
    private final Map<Object, Long> ended = new ConcurrentHashMap<>();

    TransformPace(Tables tables, int processors) {
        this.tables = tables;
        this.pairs = Math.max(1, processors / 2.0);
    }

    /** Called at the end of a run. */
    Duration rest(Object transform, Duration took) {
        int running = running(transform);
        if (tables.anyAwaited()) {
            return shorter(took.multipliedBy(STEPS_BACK), LONGEST_STEP_BACK);
        }
        if (tables.perSecond() > MANY) {
            double times = Math.max(1, running / pairs);
            return shorter(Duration.ofNanos((long) (took.toNanos() * times)), LONGEST_SHARE);
        }
        return shorter(took, LONGEST_REST);
    }

    private int running(Object transform) {
        long now = System.nanoTime();
        ended.put(transform, now);
        ended.values().removeIf(end -> now - end > RECENT.toNanos());
        return ended.size();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
