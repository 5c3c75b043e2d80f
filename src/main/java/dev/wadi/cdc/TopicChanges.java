package dev.wadi.cdc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * What Debezium has written to topics, as the events that {@code from: debezium-postgres:} makes of the same changes. For one
 * thread.
 *
 * <p>It needs what Debezium says of a change in its transaction ({@code provide.transaction.metadata=true}): a COPY gives
 * many rows one place in the log.
 */
public final class TopicChanges {
    /** The header of an insert that is an update of the key in truth. */
    public static final String PREVIOUS_KEY = "__debezium.oldkey";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNAVAILABLE = "__debezium_unavailable_value";
    /** The rows at either end of what a snapshot shows of a table. A table of one row has only a last one. */
    private static final Set<String> ENDS =
            Set.of("first", "first_in_data_collection", "last", "last_in_data_collection");

    private final ChangeEvents events = new ChangeEvents(UNAVAILABLE);
    /** The newest snapshot of which a row has come. */
    private long snapshot;

    /**
     * A change.
     *
     * @param body its event, JSON, with the truncate of a snapshot before it where the snapshot begins
     * @param source the table
     * @param position place in the log of the database
     */
    public record Change(byte[] body, String source, String position) {}

    /**
     * @param key of the record; null for a table without a key, and for a truncate
     * @param previousKey the header {@link #PREVIOUS_KEY}, JSON as Kafka Connect writes headers unless told otherwise
     * @param value of the record
     * @param entry names the record
     * @throws IllegalArgumentException when it is no change of PostgreSQL, or says too little of it
     */
    public Change change(@Nullable Struct key, byte @Nullable [] previousKey, Struct value, String entry) {
        if (value.schema().field("source") == null || value.schema().field("op") == null) {
            throw new IllegalArgumentException(
                    "no change of Debezium: it has no `source` and `op`. Leave out transforms such as ExtractNewRecordState");
        }
        Struct source = value.getStruct("source");
        if (source.schema().field("lsn") == null || source.getInt64("lsn") == null) {
            throw new IllegalArgumentException("no change of PostgreSQL: its `source` has no lsn");
        }
        return Place.snapshot(source) == null ? changed(key, previousKey, value) : shown(key, value, entry);
    }

    private Change changed(@Nullable Struct key, byte @Nullable [] previousKey, Struct value) {
        if (Place.transaction(value) == null) {
            throw new IllegalArgumentException(
                    "a change that does not say which of its transaction it is: set provide.transaction.metadata=true at the connector");
        }
        Place place = Place.changed(value, snapshot, 0);
        return new Change(
                events.change(place, key, previous(key, previousKey), value), place.source(), place.position());
    }

    private Change shown(@Nullable Struct key, Struct value, String entry) {
        Struct source = value.getStruct("source");
        String id = source.getString("table") + "/" + (key == null ? entry : ChangeEvents.json(key));
        Place place = Place.shown(source, 1, source.getString("schema") + "." + id);
        snapshot = Math.max(snapshot, place.epoch());
        byte[] row = events.change(place, key, null, value);
        if (!ENDS.contains(source.getString("snapshot"))) {
            return new Change(row, place.source(), place.position());
        }
        ByteArrayOutputStream both = new ByteArrayOutputStream(row.length + 256);
        both.write('[');
        both.writeBytes(events.truncate(Place.emptied(place.schema(), place.table(), place.epoch()), value));
        both.write(',');
        both.writeBytes(row);
        both.write(']');
        return new Change(both.toByteArray(), place.source(), place.position());
    }

    /** The key before, in the types of the key now; null when it cannot be told. */
    private static @Nullable Struct previous(@Nullable Struct key, byte @Nullable [] text) {
        if (key == null || text == null) {
            return null;
        }
        try {
            JsonNode said = JSON.readTree(new String(text, java.nio.charset.StandardCharsets.UTF_8));
            JsonNode columns = said.has("payload") && said.has("schema") ? said.get("payload") : said;
            Struct previous = new Struct(key.schema());
            for (Field field : key.schema().fields()) {
                previous.put(
                        field, value(columns.path(field.name()), field.schema().type()));
            }
            return previous;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "an update of a key whose header %s is no JSON: leave header.converter out at the connector, or set that of JSON"
                            .formatted(PREVIOUS_KEY),
                    e);
        }
    }

    private static @Nullable Object value(JsonNode value, Schema.Type type) {
        return switch (type) {
            case INT8 -> (byte) value.asInt();
            case INT16 -> (short) value.asInt();
            case INT32 -> value.asInt();
            case INT64 -> value.asLong();
            case FLOAT32 -> (float) value.asDouble();
            case FLOAT64 -> value.asDouble();
            case BOOLEAN -> value.asBoolean();
            case STRING -> value.asText();
            case BYTES, ARRAY, MAP, STRUCT ->
                throw new IllegalArgumentException("an update of a key of a type that no header can say: " + type);
        };
    }
}
