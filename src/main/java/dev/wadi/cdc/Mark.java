package dev.wadi.cdc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * How far a capture has read: the text of a watermark. It is at the end of a transaction, or of a snapshot; what the database
 * sends again from there has the same numbers as before.
 *
 * @param epoch the place in the log (LSN) at which the last snapshot was taken
 * @param partition Debezium's name for the source
 * @param offset where Debezium goes on
 */
record Mark(long epoch, Map<String, Object> partition, Map<String, Object> offset) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws IllegalArgumentException when it is none */
    static Mark parse(String watermark) {
        try {
            return JSON.readValue(watermark, Mark.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the table says that this route has read up to %s, which no capture has written: give the route another id, and it begins with a snapshot"
                            .formatted(watermark),
                    e);
        }
    }

    String text() {
        return json(this);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of texts and numbers are always JSON", e);
        }
    }
}
