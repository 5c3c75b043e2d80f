package dev.wadi.route;

import org.jspecify.annotations.Nullable;

/**
 * What waits at the source of a route.
 *
 * @param unit what is counted: {@code messages}, {@code records}, {@code rows}, {@code bytes}, {@code versions}
 */
public record Lag(long waiting, String unit) {

    /** A consumer that can say what waits at its source. */
    public interface Known {
        /** Null when the source does not say just now. Does not wait for long. */
        @Nullable
        Lag lag();
    }
}
