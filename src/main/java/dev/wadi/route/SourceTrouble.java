package dev.wadi.route;

import dev.wadi.contract.TableName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What keeps a route from reading on from a source that remembers nothing, for the health and the log, and the pauses between
 * its tries. For the one thread that reads, but for {@link #problem}.
 */
public final class SourceTrouble {
    private final Complaint failures;
    private final Backoff pauses = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));
    private volatile @Nullable String problem;

    public SourceTrouble(Logger log) {
        this.failures = new Complaint(log, Duration.ofMinutes(5));
    }

    /** What is wrong now; null when nothing is. */
    public @Nullable String problem() {
        return problem;
    }

    /** @param target the table that tells where to go on */
    public void cannotRead(String routeId, TableName target, Throwable why) {
        problem = RouteException.text(why);
        failures.say("%s: cannot read on; it tries again from where %s is".formatted(routeId, target), why);
    }

    public void reads(String routeId) {
        problem = null;
        pauses.reset();
        failures.over("%s: reads again".formatted(routeId));
    }

    /** How long to wait before the next try. */
    public Duration pause() {
        return pauses.next();
    }
}
