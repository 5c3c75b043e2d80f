package dev.wadi.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvents 1.0 envelope in JSON. Its {@code data} is the event; {@code source} and {@code id} together identify it
 * where the event does not do so itself.
 */
final class Envelope {
    private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");

    private final JsonParser parser;
    private final EventWalk walk;
    private final ObjectRule rule;
    private final int origin;
    private final Set<String> seen = new HashSet<>();
    private @Nullable String id;
    private @Nullable String source;
    private @Nullable String eventId;
    private @Nullable String decoded;
    private int dataStart;
    private int dataEnd;

    /** @param origin where in the body the parser has begun */
    Envelope(JsonParser parser, EventWalk walk, ObjectRule rule, int origin) {
        this.parser = parser;
        this.walk = walk;
        this.rule = rule;
        this.origin = origin;
    }

    void read() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            walk.event(rule);
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            walk.enter(name);
            if (seen.add(name)) {
                attribute(name);
            } else {
                walk.problem("a field once", "the name again");
                walk.any();
            }
            walk.leave();
        }
        for (String name : REQUIRED) {
            if (!seen.contains(name)) {
                missing(name, "string that is not blank, as CloudEvents 1.0 asks for");
            }
        }
        if (!seen.contains("data") && !seen.contains("data_base64")) {
            missing("data", "object, the event itself");
        }
        if (seen.contains("data") && seen.contains("data_base64")) {
            walk.enter("data_base64");
            walk.problem("either data or data_base64", "both");
            walk.leave();
        }
    }

    private void missing(String name, String expected) {
        walk.enter(name);
        walk.problem(expected, "nothing");
        walk.leave();
    }

    private void attribute(String name) throws IOException {
        switch (name) {
            case "specversion" -> {
                if (!"1.0".equals(text())) {
                    walk.problem("\"1.0\"", walk.found());
                    walk.any();
                }
            }
            case "id" -> id = requiredText();
            case "source" -> source = requiredText();
            case "type" -> requiredText();
            case "datacontenttype" -> {
                String type = text();
                if (parser.currentToken() != JsonToken.VALUE_NULL && (type == null || !isJson(type))) {
                    walk.problem("application/json", walk.found());
                    walk.any();
                }
            }
            case "data" -> {
                dataStart = origin + (int) parser.currentTokenLocation().getByteOffset();
                walk.event(rule);
                dataEnd = origin + (int) parser.currentLocation().getByteOffset();
                eventId = walk.id();
            }
            case "data_base64" -> base64();
            default -> walk.any();
        }
    }

    private static boolean isJson(String type) {
        String plain = type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
        return plain.endsWith("/json") || plain.endsWith("+json");
    }

    private @Nullable String text() throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    }

    private @Nullable String requiredText() throws IOException {
        String text = text();
        if (text == null || text.isBlank() || text.length() > EventWalk.LONGEST_ID) {
            walk.problem(
                    "string that is not blank, at most %d characters".formatted(EventWalk.LONGEST_ID), walk.found());
            walk.any();
        }
        return text;
    }

    private void base64() throws IOException {
        String text = text();
        byte[] bytes;
        try {
            bytes = text == null ? null : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            bytes = null;
        }
        if (bytes == null) {
            walk.problem("JSON in UTF-8 in Base64", walk.found());
            walk.any();
            return;
        }
        BodyText inner = BodyText.of(bytes);
        if (inner.invalid() >= 0 || inner.isBlank()) {
            walk.problem("JSON in UTF-8 in Base64", "other bytes");
            return;
        }
        try (JsonParser dataParser = BodyReader.parser(bytes)) {
            dataParser.nextToken();
            walk.with(dataParser, rule);
            if (dataParser.nextToken() != null) {
                walk.problem("one JSON object", "more text behind it");
            } else if (inner.halfPair(0, bytes.length) >= 0) {
                walk.problem("text in Unicode", "half of a surrogate pair");
            }
        } catch (JsonProcessingException e) {
            walk.problem("JSON in UTF-8 in Base64", BodyReader.reason(e));
            return;
        }
        eventId = walk.id();
        int start = inner.firstInk(inner.start(), bytes.length);
        decoded = inner.text(start, inner.lastInk(start, bytes.length));
    }

    /** The event, when there were no problems. */
    Event event(int index, BodyText text) {
        String payload = decoded == null ? text.text(dataStart, dataEnd) : decoded;
        return new Event(index, eventId == null ? source + "/" + id : eventId, payload);
    }
}
