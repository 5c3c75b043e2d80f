package dev.wadi.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A failure that may repeat a thousand times a second: logged when it begins, then once per period with a count, and
 * when it is over. Thread-safe.
 */
public final class Complaint {
    private final Logger log;
    private final long periodNanos;
    private volatile boolean failing;
    private long saidAt;
    private long unsaid;

    public Complaint(Logger log, Duration period) {
        this.log = log;
        this.periodNanos = period.toNanos();
    }

    public void say(String what, @Nullable Throwable cause) {
        synchronized (this) {
            long now = System.nanoTime();
            if (failing && now - saidAt < periodNanos) {
                unsaid++;
                return;
            }
            String more = unsaid == 0 ? "" : " (and %d times before)".formatted(unsaid);
            failing = true;
            saidAt = now;
            unsaid = 0;
            log.warn("{}{}: {}", what, more, cause == null ? "rolled back" : RouteException.text(cause));
            log.debug("{}", what, cause);
        }
    }

    /** Costs one volatile read when nothing failed. */
    public void over(String what) {
        if (failing) {
            synchronized (this) {
                // One message that got through among many that fail is not the end of it.
                if (failing && System.nanoTime() - saidAt >= periodNanos / 10) {
                    failing = false;
                    log.info("{}", what);
                }
            }
        }
    }
}
