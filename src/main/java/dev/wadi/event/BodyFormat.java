package dev.wadi.event;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ways to write events into a body. */
enum BodyFormat {
    /** An object, or an array of objects. */
    JSON,
    /** An object a line. */
    NDJSON,
    /** A CloudEvents 1.0 envelope. */
    CLOUD_EVENT,
    /** An array of CloudEvents 1.0 envelopes. */
    CLOUD_EVENTS_BATCH,
    /** Any of them; the body tells. */
    ANY;

    /** @throws UnreadableBodyException when {@code contentType} is none that events come in */
    static BodyFormat of(@Nullable String contentType) {
        if (contentType == null || contentType.isBlank()) {
            return ANY;
        }
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("charset=")) {
                String charset = parameter
                        .substring("charset=".length())
                        .replace("\"", "")
                        .strip();
                if (!charset.equals("utf-8") && !charset.equals("utf8") && !charset.equals("us-ascii")) {
                    throw new UnreadableBodyException(
                            "The body is in the charset '%s', but events are read as UTF-8 only. Send UTF-8."
                                    .formatted(charset));
                }
            }
        }
        String type = parts[0].strip();
        return switch (type) {
            case "application/json", "text/json" -> JSON;
            case "application/x-ndjson",
                    "application/ndjson",
                    "application/jsonl",
                    "application/jsonlines",
                    "application/x-jsonlines" -> NDJSON;
            case "application/cloudevents+json" -> CLOUD_EVENT;
            case "application/cloudevents-batch+json" -> CLOUD_EVENTS_BATCH;
            // what clients say that do not know what they send
            case "application/octet-stream", "text/plain" -> ANY;
            default -> {
                if (type.startsWith("application/") && type.endsWith("+json")) {
                    yield JSON;
                }
                throw new UnreadableBodyException(
                        "Events do not come as '%s'. Send application/json, application/x-ndjson,".formatted(type)
                                + " application/cloudevents+json or application/cloudevents-batch+json.");
            }
        };
    }
}
