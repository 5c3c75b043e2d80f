package dev.wadi.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes one body apart. */
final class BodyReader {
    /** A body with more is refused: each costs memory, however small it is. */
    static final int MOST_EVENTS = 100_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1000)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            // names come from outside: keep them out of the JVM's table, and let colliding ones be slow, not fatal
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            // so that NaN is a problem of its field and not the end of the body
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final ObjectRule rule;
    private final BodyText text;
    private final BodyFormat format;
    private final List<Event> events = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private @Nullable MessageDigest digest;
    /** The number of the first event, where the text is one that was cut out of a larger body. */
    private int first;

    BodyReader(ObjectRule rule, BodyText text, BodyFormat format) {
        this.rule = rule;
        this.text = text;
        this.format = format;
    }

    Decoded read() {
        switch (format) {
            case JSON -> value(false);
            case NDJSON -> lines();
            case CLOUD_EVENT, CLOUD_EVENTS_BATCH -> value(false);
            case ANY -> {
                if (text.bytes()[text.firstInk(text.start(), text.bytes().length)] == '{' && isLines()) {
                    lines();
                } else {
                    value(true);
                }
            }
        }
        return new Decoded(events, refusals);
    }

    /**
     * Whether an object ends a line and another one starts the next: within one JSON value a comma would be between.
     */
    private boolean isLines() {
        byte[] bytes = text.bytes();
        boolean ended = false;
        for (int at = text.start(); at < bytes.length; ) {
            int end = text.lineEnd(at);
            int first = text.firstInk(at, end);
            if (first < end) {
                if (ended && bytes[first] == '{') {
                    return true;
                }
                ended = bytes[text.lastInk(first, end) - 1] == '}';
            }
            at = end + 1;
        }
        return false;
    }

    /** Whether there are several lines and each starts with an object. */
    private boolean looksLikeLines() {
        byte[] bytes = text.bytes();
        int objects = 0;
        for (int at = text.start(); at < bytes.length; ) {
            int end = text.lineEnd(at);
            int first = text.firstInk(at, end);
            if (first < end) {
                if (bytes[first] != '{') {
                    return false;
                }
                objects++;
            }
            at = end + 1;
        }
        return objects > 1;
    }

    /** Reads the body as one object or array. */
    private void value(boolean perhapsLines) {
        try {
            if (text.invalid() >= 0) {
                throw new UnreadableBodyException("The body is not UTF-8: %s has the byte 0x%02X. Send JSON in UTF-8."
                        .formatted(text.place(text.invalid()), text.bytes()[text.invalid()] & 0xFF));
            }
            whole();
        } catch (UnreadableBodyException e) {
            if (!perhapsLines || !looksLikeLines()) {
                throw e;
            }
            events.clear();
            refusals.clear();
            lines();
        }
    }

    private void whole() {
        int start = text.start();
        try (JsonParser parser = parser(start, text.bytes().length)) {
            EventWalk walk = new EventWalk(parser);
            try {
                JsonToken first = parser.nextToken();
                if (format == BodyFormat.CLOUD_EVENTS_BATCH && first != JsonToken.START_ARRAY) {
                    throw unreadable(parser, start, "a batch of CloudEvents is an array");
                }
                if (format == BodyFormat.CLOUD_EVENT && first != JsonToken.START_OBJECT) {
                    throw unreadable(parser, start, "a CloudEvent is an object");
                }
                if (first == JsonToken.START_ARRAY) {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        item(parser, walk, start);
                    }
                } else if (first == JsonToken.START_OBJECT) {
                    item(parser, walk, start);
                } else {
                    throw unreadable(parser, start, "an event is an object: { or [ is expected here");
                }
                if (parser.nextToken() != null) {
                    throw unreadable(
                            parser,
                            start,
                            "the JSON ended before this. For several events send an array, or an object a line as"
                                    + " application/x-ndjson");
                }
            } catch (JsonProcessingException e) {
                throw new UnreadableBodyException(
                        "The body is not JSON: %s, in item %d: %s. Correct it and send it again."
                                .formatted(place(e, start), events.size() + refusals.size(), reason(e)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Reading bytes from memory failed", e);
        }
    }

    private UnreadableBodyException unreadable(JsonParser parser, int start, String reason) {
        int at = start + (int) parser.currentTokenLocation().getByteOffset();
        return new UnreadableBodyException("The body cannot be read: %s: %s.".formatted(text.place(at), reason));
    }

    private void lines() {
        byte[] bytes = text.bytes();
        EventWalk walk = null;
        for (int at = text.start(); at < bytes.length; ) {
            int lineEnd = text.lineEnd(at);
            int start = text.firstInk(at, lineEnd);
            int end = text.lastInk(start, lineEnd);
            at = lineEnd + 1;
            if (start == end) {
                continue;
            }
            int invalid = text.invalid() < 0 ? -1 : Utf8.firstInvalid(bytes, start, end);
            if (invalid >= 0) {
                refuse(
                        start,
                        end,
                        "text in UTF-8",
                        "the byte 0x%02X in %s".formatted(bytes[invalid] & 0xFF, text.place(invalid)));
                continue;
            }
            try (JsonParser parser = parser(start, end)) {
                walk = walk == null ? new EventWalk(parser) : walk;
                line(parser, walk, start, end);
            } catch (IOException e) {
                throw new UncheckedIOException("Reading bytes from memory failed", e);
            }
        }
    }

    private void line(JsonParser parser, EventWalk walk, int start, int end) throws IOException {
        int eventsBefore = events.size();
        int refusalsBefore = refusals.size();
        try {
            parser.nextToken();
            item(parser, walk, start);
            if (parser.nextToken() == null) {
                return;
            }
            int garbage = start + (int) parser.currentTokenLocation().getByteOffset();
            forget(eventsBefore, refusalsBefore);
            refuse(start, end, "one JSON object a line", "more text in " + text.place(garbage));
        } catch (JsonProcessingException e) {
            forget(eventsBefore, refusalsBefore);
            refuse(start, end, "one JSON object a line", "%s: %s".formatted(place(e, start), reason(e)));
        }
    }

    private void forget(int eventsBefore, int refusalsBefore) {
        events.subList(eventsBefore, events.size()).clear();
        refusals.subList(refusalsBefore, refusals.size()).clear();
    }

    private void refuse(int start, int end, String expected, String found) {
        refusals.add(new Refusal(next(), text.text(start, end), List.of(new Problem("", expected, found))));
    }

    /** The number of the event that is being read. */
    private int next() {
        int index = first + events.size() + refusals.size();
        if (index >= MOST_EVENTS) {
            throw new UnreadableBodyException(
                    "The body has more than %d events. Send them in several bodies.".formatted(MOST_EVENTS));
        }
        return index;
    }

    /** Reads the value at the parser as an event and leaves the parser at its end. */
    private void item(JsonParser parser, EventWalk walk, int origin) throws IOException {
        int index = next();
        int start = origin + (int) parser.currentTokenLocation().getByteOffset();
        walk.start(parser);
        Envelope envelope = null;
        if (format == BodyFormat.CLOUD_EVENT || format == BodyFormat.CLOUD_EVENTS_BATCH) {
            envelope = new Envelope(parser, walk, rule, origin);
            envelope.read();
        } else {
            walk.event(rule);
        }
        int end = origin + (int) parser.currentLocation().getByteOffset();
        if (format == BodyFormat.ANY && walk.isEnveloped()) {
            try (JsonParser again = parser(start, end)) {
                again.nextToken();
                walk.start(again);
                envelope = new Envelope(again, walk, rule, start);
                envelope.read();
            }
        }
        if (walk.isTranslatable()) {
            translated(start, end, walk, envelope != null, index);
            return;
        }
        int half = text.halfPair(start, end);
        if (half >= 0) {
            walk.problem(
                    "text in Unicode",
                    "half of a surrogate pair, %s, in %s".formatted(text.text(half, half + 6), text.place(half)));
        }
        if (!walk.problems().isEmpty()) {
            refusals.add(new Refusal(index, text.text(start, end), walk.problems()));
        } else if (envelope == null) {
            String id = walk.id();
            events.add(new Event(index, id == null ? hash(start, end) : id, text.text(start, end)));
        } else {
            events.add(envelope.event(index, text));
        }
    }

    /** Reads an event again that has other names or types, in those of the contract. */
    private void translated(int start, int end, EventWalk walk, boolean inEnvelope, int index) throws IOException {
        byte[] ours;
        try (JsonParser parser = parser(start, end)) {
            ours = new Translation(parser, text.bytes(), start, end).of(rule, inEnvelope);
        }
        BodyReader again = new BodyReader(rule, BodyText.of(ours), format);
        again.first = index;
        again.digest = digest;
        walk.setStrict(true);
        try (JsonParser parser = again.parser(0, ours.length)) {
            parser.nextToken();
            again.item(parser, walk, 0);
        } finally {
            walk.setStrict(false);
        }
        digest = again.digest;
        events.addAll(again.events);
        for (Refusal refusal : again.refusals) {
            refusals.add(new Refusal(index, text.text(start, end), refusal.problems()));
        }
    }

    private String hash(int start, int end) {
        try {
            if (digest == null) {
                digest = MessageDigest.getInstance("SHA-256");
            }
            digest.update(text.bytes(), start, end - start);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private JsonParser parser(int start, int end) throws IOException {
        return JSON.createParser(text.bytes(), start, end - start);
    }

    static JsonParser parser(byte[] bytes) throws IOException {
        return JSON.createParser(bytes);
    }

    private String place(JsonProcessingException e, int origin) {
        long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        return text.place((int) Math.min(text.bytes().length, origin + Math.max(0, offset)));
    }

    /** The parser's own words without its coordinates, which count from somewhere else. */
    static String reason(JsonProcessingException e) {
        String reason = e.getOriginalMessage();
        int marker = reason.indexOf(" (start marker at");
        String cut = marker < 0 ? reason : reason.substring(0, marker);
        return cut.lines().findFirst().orElse("syntax error");
    }
}
