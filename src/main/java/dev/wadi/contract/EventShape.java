package dev.wadi.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event of a stream looks like: the nested properties of the payload column in its contract.
 *
 * @param stream the name people post to: {@code clickstream}
 * @param id name of the top-level field that identifies an event; null when a hash of the payload does, as it does
 *     for an event that lacks the field
 * @param closed whether an event with fields that are not listed here is refused; an object without listed fields may hold
 *     anything all the same
 */
public record EventShape(String stream, @Nullable String id, List<Field> fields, boolean closed) {
    public EventShape {
        fields = List.copyOf(fields);
    }

    /** Events that may have more fields than these. */
    public EventShape(String stream, @Nullable String id, List<Field> fields) {
        this(stream, id, fields, false);
    }

    /**
     * A field of an event.
     *
     * @param required absent and null are refused
     * @param allowed the only values allowed, as text; empty when any is
     * @param minimum smallest number allowed; null when any is
     * @param fields the fields of an OBJECT; empty for other types
     * @param aliases other names under which senders know it. The payload has it under its own
     * @param accepts types that are taken, too; their text becomes a string
     */
    public record Field(
            String name,
            Type type,
            boolean required,
            String description,
            List<String> allowed,
            @Nullable Double minimum,
            @Nullable Double maximum,
            List<Field> fields,
            List<String> aliases,
            List<Type> accepts) {
        public Field {
            allowed = List.copyOf(allowed);
            fields = List.copyOf(fields);
            aliases = List.copyOf(aliases);
            accepts = List.copyOf(accepts);
        }

        /** A field of one name and one type. */
        public Field(
                String name,
                Type type,
                boolean required,
                String description,
                List<String> allowed,
                @Nullable Double minimum,
                @Nullable Double maximum,
                List<Field> fields) {
            this(name, type, required, description, allowed, minimum, maximum, fields, List.of(), List.of());
        }
    }

    /** JSON types, with the two kinds of text that stand for time (ISO 8601). */
    public enum Type {
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        DATE,
        TIMESTAMP,
        OBJECT,
        ARRAY
    }
}
