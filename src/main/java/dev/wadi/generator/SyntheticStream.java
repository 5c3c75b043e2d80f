package dev.wadi.generator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wadi.contract.TableName;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** A stream that can be generated, and what its silver table makes of an event. */
public enum SyntheticStream {
    BOOKINGS("booking_id", "updated_at", BookingEvents::new, ExpectedRow::booking, false),
    CLICKSTREAM("event_id", "event_time", ClickstreamEvents::new, ExpectedRow::click, true);

    private final String key;
    private final String time;
    private final Function<Options, Iterator<SyntheticEvent>> events;
    private final Function<JsonNode, Map<String, Object>> row;
    private final boolean keyedEvents;

    SyntheticStream(
            String key,
            String time,
            Function<Options, Iterator<SyntheticEvent>> events,
            Function<JsonNode, Map<String, Object>> row,
            boolean keyedEvents) {
        this.key = key;
        this.time = time;
        this.events = events;
        this.row = row;
        this.keyedEvents = keyedEvents;
    }

    /** @throws IllegalArgumentException when there is none of that name */
    public static SyntheticStream named(String name) {
        for (SyntheticStream stream : values()) {
            if (stream.toString().equals(name)) {
                return stream;
            }
        }
        throw new IllegalArgumentException(
                "'%s' cannot be generated: write bookings, clickstream or shop".formatted(name));
    }

    public Iterator<SyntheticEvent> events(Options options) {
        return events.apply(options);
    }

    /** The field that names an event, or what it is about; and the key of the silver table. */
    String key() {
        return key;
    }

    /** The field that orders the events of a key. */
    String time() {
        return time;
    }

    /** Whether a key has one event only, so that another of the key is a tie in bronze. */
    boolean keyedEvents() {
        return keyedEvents;
    }

    /** The columns of the silver row that the event makes, without those that say where it came from. */
    Map<String, Object> row(JsonNode event) {
        return row.apply(event);
    }

    TableName bronze() {
        return new TableName("bronze", toString());
    }

    TableName silver() {
        return new TableName("silver", toString());
    }

    /** Columns of a flat file of these events; the same for every file. */
    List<String> columns() {
        return this == BOOKINGS ? FlatText.BOOKING : FlatText.CLICK;
    }

    /** As the stream is called in contracts. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
