package dev.wadi.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.event.Refusal;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client gets for events that the broker has confirmed. */
@Schema(description = "Events that the broker has confirmed: they will be in the table")
record Receipt(
        @Schema(description = "Id of the message that holds the events; part of their position in bronze")
        String receipt,

        @Schema(description = "The stream they were posted to", example = "clickstream")
        String stream,

        @Schema(description = "How many events were accepted")
        int accepted,

        @Schema(description = "How many were refused; above 0 only with ?partial=true")
        int refused) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Its JSON when nothing was refused. {@code stream} and {@code receipt} need no escaping. */
    static byte[] json(String receipt, String stream, int accepted) {
        return ("{\"receipt\":\"" + receipt + "\",\"stream\":\"" + stream + "\",\"accepted\":" + accepted
                        + ",\"refused\":0}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Its JSON with the problems of what was refused. */
    static byte[] json(String receipt, String stream, int accepted, List<Refusal> refusals) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("receipt", receipt);
        document.put("stream", stream);
        document.put("accepted", accepted);
        document.put("refused", refusals.size());
        document.put("problems", DoorProblems.listed(refusals));
        int more = DoorProblems.count(refusals) - DoorProblems.LISTED;
        if (more > 0) {
            document.put("more", more);
        }
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts and numbers is always JSON", e);
        }
    }
}
