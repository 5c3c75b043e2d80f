package dev.wadi.contract;

import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param required null is refused
 * @param provenance says where the row came from (source, position, time of arrival); it is stored, but two rows that
 *     differ only here have the same content
 * @param fill what of an arriving event fills this column; null when a SELECT does
 */
public record Column(
        String name,
        ColumnType type,
        boolean required,
        boolean provenance,
        String description,
        @Nullable Fill fill) {

    /** The parts of an arriving event that a column can take. */
    public enum Fill {
        /** The id of the event, or a hash of its payload where it has none. */
        EVENT_ID,
        /** The event as it came, as JSON text. */
        PAYLOAD,
        /** The door, such as {@code rabbitmq:events.clickstream}. */
        SOURCE,
        /** Where in the source: the message and the event's number in it. */
        POSITION,
        RECEIVED_AT
    }
}
