package dev.wadi.api;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The way from the events door to the broker. */
@FunctionalInterface
interface Publisher {

    /**
     * Gives {@code body} to the broker as one message, all of it or nothing, without blocking the caller.
     *
     * @return completes once the broker has confirmed the message; fails when it has not, or when nobody knows
     */
    CompletableFuture<Void> publish(byte[] body, Map<String, Object> headers);
}
