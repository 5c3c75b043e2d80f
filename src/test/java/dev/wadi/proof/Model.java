package dev.wadi.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What the lake must hold after a set of accepted events, whatever the order they came in. */
final class Model {
    private final Map<String, JsonNode> clicks = new TreeMap<>();
    /** Each different booking event, by its identity. */
    private final Map<Object, JsonNode> bookingEvents = new HashMap<>();

    private final Map<String, JsonNode> bookings = new TreeMap<>();
    private long accepted;

    /** An event whose document is its identity, unless it has an event_id. */
    void accept(String stream, JsonNode event) {
        accept(stream, event, Objects.requireNonNull(Json.meaning(event)));
    }

    /** @param identity what makes two events of a stream without event_id the same one */
    void accept(String stream, JsonNode event, Object identity) {
        accepted++;
        if (stream.equals(Sample.CLICKSTREAM)) {
            clicks.putIfAbsent(event.get("event_id").asText(), event);
            return;
        }
        bookingEvents.putIfAbsent(identity, event);
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
        return clicks.size() + bookingEvents.size();
    }

    /** Clickstream events by event_id: bronze and silver hold the same ones. */
    Map<String, JsonNode> clicks() {
        return clicks;
    }

    /** How many booking events bronze holds of each document, by its meaning. */
    Map<Object, Object> bookingDocuments() {
        Map<Object, Object> documents = new HashMap<>();
        for (JsonNode event : bookingEvents.values()) {
            documents.merge(Objects.requireNonNull(Json.meaning(event)), 1, (a, b) -> (Integer) a + (Integer) b);
        }
        return documents;
    }

    /** The newest state of each booking by booking_id, as silver holds them. */
    Map<String, JsonNode> bookings() {
        return bookings;
    }

    /** {@link #clicks} as silver cleans them. */
    Map<String, JsonNode> cleanClicks() {
        return clean(clicks);
    }

    /** {@link #bookings} as silver cleans them. */
    Map<String, JsonNode> cleanBookings() {
        return clean(bookings);
    }

    private static Map<String, JsonNode> clean(Map<String, JsonNode> events) {
        Map<String, JsonNode> clean = new TreeMap<>();
        events.forEach((id, event) -> clean.put(id, clean("", event)));
        return clean;
    }

    /** Text without spaces around it, none instead of empty; codes in upper case, mail addresses in lower case. */
    private static JsonNode clean(String name, JsonNode node) {
        if (node.isObject()) {
            ObjectNode object = Json.MAPPER.createObjectNode();
            node.properties().forEach(field -> object.set(field.getKey(), clean(field.getKey(), field.getValue())));
            return object;
        }
        if (!node.isTextual()) {
            return node;
        }
        String text = node.asText().strip();
        String cased = switch (name) {
            case "country", "currency" -> text.toUpperCase(Locale.ROOT);
            case "email" -> text.toLowerCase(Locale.ROOT);
            default -> text;
        };
        return cased.isEmpty() ? NullNode.instance : TextNode.valueOf(cased);
    }

    /** Clicks counted by day and the values of some of their properties. */
    Map<List<Object>, Long> clickCounts(List<String> pointers) {
        Map<List<Object>, Long> counts = new HashMap<>();
        for (JsonNode click : cleanClicks().values()) {
            List<Object> group = new ArrayList<>();
            group.add(day(click, "event_time"));
            pointers.forEach(pointer -> group.add(told(click.at(pointer))));
            counts.merge(group, 1L, Long::sum);
        }
        return counts;
    }

    /** The value of a dimension; gold has a word for events that do not say. */
    static String told(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? "unknown" : value.asText();
    }

    /** The day in UTC of a time in the event. */
    static LocalDate day(JsonNode event, String field) {
        return LocalDate.parse(event.get(field).asText().substring(0, 10));
    }

    static BigDecimal amount(JsonNode booking) {
        return booking.get("amount").decimalValue();
    }
}
