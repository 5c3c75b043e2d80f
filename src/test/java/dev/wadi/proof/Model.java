package dev.wadi.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the lake must hold after a set of accepted events, whatever the order they came in. */
final class Model {
    private final Map<String, JsonNode> clicks = new TreeMap<>();
    /** Each different booking document, by its meaning. */
    private final Map<Object, JsonNode> bookingStates = new HashMap<>();

    private final Map<String, JsonNode> bookings = new TreeMap<>();
    private long accepted;

    void accept(String stream, JsonNode event) {
        accepted++;
        if (stream.equals(Sample.CLICKSTREAM)) {
            clicks.putIfAbsent(event.get("event_id").asText(), event);
            return;
        }
        bookingStates.putIfAbsent(Objects.requireNonNull(Json.meaning(event)), event);
        bookings.merge(
                event.get("booking_id").asText(), event, (a, b) -> updated(a).isAfter(updated(b)) ? a : b);
    }

    private static Instant updated(JsonNode booking) {
        return Instant.parse(booking.get("updated_at").asText());
    }

    long accepted() {
        return accepted;
    }

    long distinct() {
        return clicks.size() + bookingStates.size();
    }

    /** Clickstream events by event_id: bronze and silver hold the same ones. */
    Map<String, JsonNode> clicks() {
        return clicks;
    }

    /** Every different state of every booking, as bronze holds them, by meaning. */
    Map<Object, JsonNode> bookingStates() {
        return bookingStates;
    }

    /** The newest state of each booking by booking_id, as silver holds them. */
    Map<String, JsonNode> bookings() {
        return bookings;
    }

    /** Clicks counted by the values of some of their properties. */
    Map<List<@Nullable Object>, Long> clickCounts(List<String> pointers) {
        Map<List<@Nullable Object>, Long> counts = new HashMap<>();
        for (JsonNode click : clicks.values()) {
            List<@Nullable Object> group = new ArrayList<>();
            group.add(day(click, "event_time"));
            pointers.forEach(pointer -> group.add(Json.meaning(click.at(pointer))));
            counts.merge(group, 1L, Long::sum);
        }
        return counts;
    }

    /** The day in UTC of a time in the event. */
    static LocalDate day(JsonNode event, String field) {
        return LocalDate.parse(event.get(field).asText().substring(0, 10));
    }

    static BigDecimal amount(JsonNode booking) {
        return booking.get("amount").decimalValue();
    }
}
