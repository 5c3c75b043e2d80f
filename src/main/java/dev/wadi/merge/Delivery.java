package dev.wadi.merge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came through a door at once: one message, one request.
 *
 * @param contentType media type of the body; null when the door does not know it
 * @param source the door: {@code rabbitmq:events.clickstream}
 * @param position where in the source: a message id, an offset. Two deliveries of one message have the same position
 *     where the source can tell
 */
public record Delivery(byte[] body, @Nullable String contentType, String source, String position, Instant receivedAt) {}
