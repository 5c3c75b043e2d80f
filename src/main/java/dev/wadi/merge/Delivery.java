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
 */
public record Delivery(
        byte[] body,
        @Nullable String contentType,
        String source,
        String position,
        Instant receivedAt,
        @Nullable Watermark watermark,
        @Nullable Places places) {

    /** A delivery of a source that remembers what was acknowledged. */
    public Delivery(byte[] body, @Nullable String contentType, String source, String position, Instant receivedAt) {
        this(body, contentType, source, position, receivedAt, null, null);
    }

    /** A delivery of a reader that remembers nothing itself. */
    public Delivery(
            byte[] body,
            @Nullable String contentType,
            String source,
            String position,
            Instant receivedAt,
            @Nullable Watermark watermark) {
        this(body, contentType, source, position, receivedAt, watermark, null);
    }
}
