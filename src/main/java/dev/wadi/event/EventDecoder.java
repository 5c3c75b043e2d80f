package dev.wadi.event;

import dev.wadi.contract.EventShape;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies of one stream: a JSON object, an array of objects, NDJSON, or CloudEvents 1.0 (structured or batch).
 *
 * <p>Stateless and thread-safe: every door uses the same one, so what HTTP accepts the queue accepts too.
 *
 * <p>What it lets through, DuckDB can read: no duplicate keys, no half surrogate pairs, no NaN, timestamps that are
 * instants. A field that the shape does not name is kept in the payload and held to the same rules of JSON.
 */
public final class EventDecoder {
    private final ObjectRule rule;

    public EventDecoder(EventShape shape) {
        this.rule = ObjectRule.of(shape);
    }

    /**
     * @param contentType media type with or without parameters; null means: look at the body
     * @throws UnreadableBodyException when no event can be told apart in the body at all
     */
    public Decoded decode(byte[] body, @Nullable String contentType) {
        BodyFormat format = BodyFormat.of(contentType);
        BodyText text = BodyText.of(body);
        if (text.isBlank()) {
            throw new UnreadableBodyException(
                    "The body is empty. Send a JSON object, an array of objects, or an object a line.");
        }
        return new BodyReader(rule, text, format).read();
    }
}
