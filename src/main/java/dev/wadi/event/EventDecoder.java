package dev.wadi.event;

import dev.wadi.contract.EventShape;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies of one stream: a JSON object, an array of objects, NDJSON, or CloudEvents 1.0 (structured or batch).
 *
 * <p>Stateless and thread-safe: every door uses the same one, so what HTTP accepts the queue accepts too.
 */
public final class EventDecoder {
    private final EventShape shape;

    public EventDecoder(EventShape shape) {
        this.shape = shape;
    }

    /**
     * @param contentType media type with or without parameters; null means: look at the body
     * @throws UnreadableBodyException when no event can be told apart in the body at all
     */
    public Decoded decode(byte[] body, @Nullable String contentType) {
        throw new UnsupportedOperationException("soon " + shape);
    }
}
