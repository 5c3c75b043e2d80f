package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.event.Refusal;
import dev.wadi.route.Routes;
import io.micronaut.http.HttpStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Every way the events door says no. */
final class DoorProblems {
    /** Problems listed in one answer; the rest are counted. */
    static final int LISTED = 100;

    private static final String UNREADABLE = "Unreadable body";

    private DoorProblems() {}

    static Problem unknownStream(String stream, Collection<String> known) {
        return new Problem(
                        HttpStatus.NOT_FOUND,
                        "Unknown stream",
                        "No contract describes events of the stream '%s'. There are: %s. Post to one of these, or add a contract for '%s' to schemas/tables"
                                .formatted(stream, String.join(", ", known), stream))
                .with("known", List.copyOf(known));
    }

    static Problem otherDoor(String stream, TableName table, List<Routes.Inlet> doors, Collection<String> known) {
        return new Problem(
                        HttpStatus.NOT_FOUND,
                        "Stream has another door",
                        "Events of the stream '%s' do not come by HTTP: %s is filled by %s. To post them, add a route from rabbitmq:events to delta:%s. Streams that can be posted: %s"
                                .formatted(
                                        stream,
                                        table,
                                        doors.stream()
                                                .map(each -> "%s (from %s)".formatted(each.route(), each.from()))
                                                .collect(Collectors.joining(" and ")),
                                        table,
                                        known.isEmpty() ? "none" : String.join(", ", known)))
                .with("known", List.copyOf(known));
    }

    static Problem mediaType(String found, Collection<String> supported) {
        return new Problem(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "Unsupported media type",
                        "Events do not come as '%s'. Set the Content-Type to one of: %s (with curl: -H 'Content-Type: application/json')"
                                .formatted(found, String.join(", ", supported)))
                .with("allowed", List.copyOf(supported));
    }

    static Problem charset(String found) {
        return new Problem(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "Unsupported charset",
                        "JSON travels as UTF-8, but Content-Type says charset=%s. Encode the body as UTF-8 and leave the charset out"
                                .formatted(found))
                .with("allowed", List.of("utf-8"));
    }

    static Problem encoding(String found) {
        return new Problem(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "Unsupported content encoding",
                        "The body cannot be read with Content-Encoding '%s'. Use gzip, or send it plain without Content-Encoding"
                                .formatted(found))
                .header("Accept-Encoding", "gzip")
                .with("allowed", List.of("gzip", "identity"));
    }

    static Problem tooLarge(long limit) {
        return new Problem(
                        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                        "Body too large",
                        "The body is larger than the %d bytes that are allowed (ungzipped). Send it in several requests, or raise micronaut.server.max-request-size"
                                .formatted(limit))
                .with("limit", limit);
    }

    static Problem busy() {
        return new Problem(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "Too many events at once",
                        "The events that wait for the broker fill the door, so these were not taken. Send them again after Retry-After seconds; wadi.door.max-pending and wadi.door.max-pending-bytes set the room")
                .header("Retry-After", "1");
    }

    static Problem brokerDown() {
        return new Problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "Broker takes no events",
                        "The broker has not confirmed the events, so they may be lost. Send them again after Retry-After seconds: an event that did arrive is kept once. /health says what is wrong")
                .header("Retry-After", "5");
    }

    static Problem routeAway() {
        return new Problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "Route takes no events",
                        "The route that publishes events is being replaced, or is stopped. Nothing was taken: send the events again after Retry-After seconds. /api/routes says how the route is")
                .header("Retry-After", "1");
    }

    static Problem unreadable(String why) {
        return new Problem(HttpStatus.BAD_REQUEST, UNREADABLE, why);
    }

    /** All of a request refused: {@code accepted} fitted, but went nowhere. */
    static Problem misfits(String stream, int accepted, List<Refusal> refusals) {
        int total = accepted + refusals.size();
        String cure = accepted == 0
                ? "Correct them and send them again"
                : "Nothing was accepted: correct them and send all again, or add ?partial=true to have the other %d accepted"
                        .formatted(accepted);
        Problem problem = new Problem(
                        HttpStatus.UNPROCESSABLE_ENTITY,
                        "Events do not fit their contract",
                        "%d of %d events do not fit the contract of %s. %s"
                                .formatted(refusals.size(), total, stream, cure))
                .with("refused", refusals.size())
                .with("problems", listed(refusals));
        int more = count(refusals) - LISTED;
        return more > 0 ? problem.with("more", more) : problem;
    }

    /** The first {@link #LISTED} problems, each with the index of its event in the body. */
    static List<Map<String, Object>> listed(List<Refusal> refusals) {
        List<Map<String, Object>> listed = new ArrayList<>();
        for (Refusal refusal : refusals) {
            for (dev.wadi.event.Problem problem : refusal.problems()) {
                if (listed.size() == LISTED) {
                    return listed;
                }
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("index", refusal.index());
                entry.put("pointer", problem.pointer());
                entry.put("expected", problem.expected());
                entry.put("found", problem.found());
                listed.add(entry);
            }
        }
        return listed;
    }

    static int count(List<Refusal> refusals) {
        int count = 0;
        for (Refusal refusal : refusals) {
            count += refusal.problems().size();
        }
        return count;
    }
}
