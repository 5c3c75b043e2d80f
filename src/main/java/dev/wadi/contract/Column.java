package dev.wadi.contract;

import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param required null is refused
 * @param provenance says where the row came from (source, position, time of arrival); it is stored, but two rows that
 *     differ only here have the same content
 * @param stored whether the table keeps it; otherwise it is there for rules, order and predicates while a row is merged
 * @param derivedBy SQL expression over the other columns that gives its value; null when the row brings it
 * @param fill what of an arriving event fills this column; null when a SELECT does
 * @param unique whether the contract says that no two rows have the same value; nothing holds the rows to it
 */
public record Column(
        String name,
        ColumnType type,
        boolean required,
        boolean provenance,
        boolean stored,
        @Nullable String derivedBy,
        String description,
        @Nullable Fill fill,
        boolean unique) {

    /** A column of which the contract does not say that it is unique. */
    public Column(
            String name,
            ColumnType type,
            boolean required,
            boolean provenance,
            boolean stored,
            @Nullable String derivedBy,
            String description,
            @Nullable Fill fill) {
        this(name, type, required, provenance, stored, derivedBy, description, fill, false);
    }

    /** A stored column that rows bring. */
    public Column(
            String name,
            ColumnType type,
            boolean required,
            boolean provenance,
            String description,
            @Nullable Fill fill) {
        this(name, type, required, provenance, true, null, description, fill);
    }

    /** The parts of an arriving event that a column can take. */
    public enum Fill {
        /** The id of the event, or a hash of its payload where it has none. */
        EVENT_ID,
        /** The event as it came, as JSON text. */
        PAYLOAD,
        /** The top-level fields that the contract does not name, as a JSON object; null when there are none. */
        EXTRA,
        /** The door, such as {@code rabbitmq:events.clickstream}. */
        SOURCE,
        /** Where in the source: the message and the event's number in it. */
        POSITION,
        RECEIVED_AT
    }
}
