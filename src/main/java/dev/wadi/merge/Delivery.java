package dev.wadi.merge;

import dev.wadi.file.Places;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came through a door at once: one message, one request; or a watermark alone, without a byte.
 *
 * @param contentType media type of the body; null when the door does not know it
 * @param source the door: {@code rabbitmq:events.clickstream}
 * @param position where in the source: a message id, an offset. Two deliveries of one message have the same position
 *     where the source can tell
 * @param watermark how far its reader is with it; null when the source itself remembers what was acknowledged
 * @param places where its events were in a file, and which rows of it became none; null when the body came as it is
 * @param refusal why its door could not read it, in words: then it is for quarantine; null when it could
 * @param via the route that brought it; null for none that is known
 */
public record Delivery(
        byte[] body,
        @Nullable String contentType,
        String source,
        String position,
        Instant receivedAt,
        @Nullable Watermark watermark,
        @Nullable Places places,
        @Nullable String refusal,
        @Nullable Via via) {

    public Delivery {
        if (places != null && refusal != null) {
            throw new IllegalArgumentException("a file whose rows have places was read");
        }
    }

    /** A delivery of a source that remembers what was acknowledged. */
    public Delivery(byte[] body, @Nullable String contentType, String source, String position, Instant receivedAt) {
        this(body, contentType, source, position, receivedAt, null, null, null, null);
    }

    /** The same, of a reader that remembers nothing itself. */
    public Delivery read(Watermark upTo) {
        return new Delivery(body, contentType, source, position, receivedAt, upTo, places, refusal, via);
    }

    /** The same, its events read from a file. */
    public Delivery from(Places inFile) {
        return new Delivery(body, contentType, source, position, receivedAt, watermark, inFile, refusal, via);
    }

    /** The same, for quarantine. */
    public Delivery refused(String why) {
        return new Delivery(body, contentType, source, position, receivedAt, watermark, null, why, via);
    }

    /** The same, brought by a route. */
    public Delivery by(@Nullable Via route) {
        return new Delivery(body, contentType, source, position, receivedAt, watermark, places, refusal, route);
    }
}
