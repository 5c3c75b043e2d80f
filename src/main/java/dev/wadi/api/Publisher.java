package dev.wadi.api;

import java.util.Date;
import java.util.concurrent.CompletableFuture;

/** The way from the events door to the broker. */
@FunctionalInterface
interface Publisher {

    /**
     * Gives {@code message} to the broker, all of it or nothing. Does not block: the caller may be an event loop.
     *
     * @return completes once the broker has confirmed the events, with the id of the message that holds them and, when
     *     it holds others too, {@code #} and their number in it; fails when it has not, or when nobody knows
     */
    CompletableFuture<String> publish(Message message);

    /**
     * Events of one request.
     *
     * @param id of the message, unless it is sent with others
     * @param arrival when the request came
     */
    record Message(String id, String stream, Posting posting, Date arrival) {}
}
