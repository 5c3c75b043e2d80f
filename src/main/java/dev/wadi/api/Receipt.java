package dev.wadi.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.event.Refusal;
import dev.wadi.lineage.Receipts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client gets for events that the broker has confirmed.
 *
 * @param id of the message that holds them, with {@code #} and a number when it holds other requests' events too; the
 *     position in bronze begins with it
 * @param refusals empty unless the client asked for a part
 */
record Receipt(String id, String stream, int accepted, List<Refusal> refusals) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Receipt of(String stream, int accepted, List<Refusal> refusals) {
        return new Receipt(Receipts.create(), stream, accepted, refusals);
    }

    /** @param place where the broker keeps the events; a message of several requests has the id of one of them */
    Receipt keptAt(String place) {
        return new Receipt(place, stream, accepted, refusals);
    }

    byte[] json() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("receipt", id);
        document.put("stream", stream);
        document.put("accepted", accepted);
        document.put("refused", refusals.size());
        if (!refusals.isEmpty()) {
            document.put("problems", DoorProblems.listed(refusals));
            int more = DoorProblems.count(refusals) - DoorProblems.LISTED;
            if (more > 0) {
                document.put("more", more);
            }
        }
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts and numbers is always JSON", e);
        }
    }
}
