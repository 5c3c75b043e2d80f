package dev.wadi.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a client knows of the events it sent: acknowledged ones, and those of which it heard nothing. Thread-safe. */
final class Ledger {
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    /** The name of an event, the same in a client's hand and in a table. */
    static String name(JsonNode event) {
        return event.has("event_id")
                ? event.get("event_id").asText()
                : event.get("booking_id").asText() + "@"
                        + event.get("updated_at").asText();
    }

    /** Call before the first byte leaves. */
    void sending(List<? extends JsonNode> events) {
        events.forEach(event -> sent.add(name(event)));
    }

    void acknowledged(List<? extends JsonNode> events) {
        events.forEach(event -> acknowledged.add(name(event)));
    }

    Set<String> sent() {
        return sent;
    }

    Set<String> acknowledged() {
        return acknowledged;
    }
}
