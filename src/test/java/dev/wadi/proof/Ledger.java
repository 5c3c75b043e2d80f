package dev.wadi.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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

    /**
     * In what bronze differs from this, for people: it holds each acknowledged event once, the others once or not at all.
     *
     * @param each is given every event of bronze, with its stream
     */
    List<String> differences(LakeReader lake, BiConsumer<String, JsonNode> each) throws IOException {
        List<String> differences = new ArrayList<>();
        Set<String> stored = new TreeSet<>();
        for (String stream : List.of(Sample.CLICKSTREAM, Sample.BOOKINGS)) {
            for (Map<String, @Nullable Object> row : lake.rows("bronze." + stream)) {
                JsonNode event = Json.read(String.valueOf(row.get("payload")));
                each.accept(stream, event);
                if (!stored.add(name(event))) {
                    differences.add("twice in bronze." + stream + ": " + event);
                }
            }
        }
        Set<String> lost = new TreeSet<>(acknowledged);
        lost.removeAll(stored);
        if (!lost.isEmpty()) {
            differences.add(lost.size() + " acknowledged events are not in bronze: "
                    + lost.stream().limit(5).toList());
        }
        Set<String> invented = new TreeSet<>(stored);
        invented.removeAll(sent);
        if (!invented.isEmpty()) {
            differences.add("bronze holds what nobody sent: " + invented);
        }
        return differences;
    }

    Set<String> sent() {
        return sent;
    }

    Set<String> acknowledged() {
        return acknowledged;
    }
}
