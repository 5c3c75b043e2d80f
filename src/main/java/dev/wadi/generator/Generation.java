package dev.wadi.generator;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Generates events of a stream and sends them somewhere, at a pace. */
public final class Generation {
    private static final long SECOND = 1_000_000_000L;

    private final SyntheticStream stream;
    private final Options options;
    private final @Nullable Path truth;

    /** @param truth file for what the tables must hold in the end; null for none */
    public Generation(SyntheticStream stream, Options options, @Nullable Path truth) {
        this.stream = stream;
        this.options = options;
        this.truth = truth;
    }

    /**
     * What was sent.
     *
     * @param faults how many of which kind
     */
    public record Sent(long events, Map<Fault, Long> faults, Duration took) {
        public long perSecond() {
            return Math.round(events * 1e9 / Math.max(1, took.toNanos()));
        }
    }

    /**
     * Sends {@code count} events.
     *
     * @param rate events in a second; 0 for as fast as it goes
     */
    public Sent run(long count, long rate, Target target) throws IOException {
        Truth known = truth == null ? null : new Truth(stream);
        Iterator<SyntheticEvent> events = stream.events(options);
        Map<Fault, Long> faults = new EnumMap<>(Fault.class);
        long began = System.nanoTime();
        for (long i = 0; i < count; i++) {
            if (rate > 0) {
                await(began + (long) ((double) i / rate * SECOND));
            }
            SyntheticEvent event = events.next();
            String text = target.fit(event.text());
            target.send(text);
            faults.merge(event.fault(), 1L, Long::sum);
            if (known != null) {
                known.add(text, event.fault());
            }
        }
        target.finish();
        Sent sent = new Sent(count, faults, Duration.ofNanos(System.nanoTime() - began));
        if (known != null && truth != null) {
            known.write(truth, options, target);
        }
        return sent;
    }

    private static void await(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
