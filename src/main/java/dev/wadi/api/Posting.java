package dev.wadi.api;

import dev.wadi.event.Decoded;
import dev.wadi.event.Event;
import io.micronaut.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A plain body of events with its form: what goes to the broker, where the consumer decodes it as the door did.
 *
 * @param body not copied: nobody writes to it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Posting(MediaKind kind, byte[] body) {
    /** Bytes above which an event costs more than its message. */
    private static final int LINE = 16 * 1024;

    /**
     * How the body of a request becomes a posting, as its headers say.
     *
     * @param gzipped whether it has to be inflated first
     */
    record Form(MediaKind kind, boolean gzipped, HttpHeaders headers) {

        /** @throws Problem 415 for a form or an encoding that the door cannot read */
        static Form of(HttpHeaders headers) {
            String contentType = headers.get(HttpHeaders.CONTENT_TYPE);
            MediaKind kind = contentType == null ? MediaKind.JSON : MediaKind.of(contentType);
            return new Form(kind, gzipped(headers), headers);
        }

        private static boolean gzipped(HttpHeaders headers) {
            String encoding = headers.get(KeepContentEncoding.HEADER);
            if (encoding == null || encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity")) {
                return false;
            }
            String name = encoding.strip();
            if (name.equalsIgnoreCase("gzip") || name.equalsIgnoreCase("x-gzip")) {
                return true;
            }
            throw DoorProblems.encoding(name);
        }

        /**
         * @param limit bytes of plain body that are allowed
         * @throws Problem when it cannot be read: 400, 413, 415, 429
         */
        Posting posting(byte[] body, long limit, Admission.Ticket ticket) {
            byte[] plain = gzipped ? Gzip.inflate(body, limit, ticket) : body;
            boolean enveloped = kind == MediaKind.CLOUD_EVENT || kind == MediaKind.CLOUD_EVENTS;
            if (enveloped || !CloudEvents.isBinary(headers)) {
                return new Posting(kind, plain);
            }
            if (kind == MediaKind.NDJSON) {
                throw DoorProblems.unreadable(
                        "The ce- headers make the body the data of one CloudEvent, but Content-Type says that it is many lines. Leave the ce- headers out, or send application/cloudevents-batch+json");
            }
            return new Posting(MediaKind.CLOUD_EVENT, CloudEvents.structured(CloudEvents.attributes(headers), plain));
        }
    }

    /**
     * Whether this, known to be whole, can stand as a line among others: one small object without line breaks. Between
     * the tokens of JSON and nowhere else may there be any, so that nothing has to be parsed for it.
     */
    boolean isLine() {
        if (kind != MediaKind.JSON || body.length > LINE || body[0] != '{') {
            return false;
        }
        for (byte each : body) {
            if (each == '\n' || each == '\r') {
                return false;
            }
        }
        return true;
    }

    /**
     * The posting of the events that fit, without the others. Their payloads keep every byte, as an id may be the hash of
     * them; CloudEvents keep their envelopes, as an id may stand there.
     *
     * @param decoded what this posting holds: at least one event that fits and one that does not
     */
    Posting accepted(Decoded decoded) {
        return switch (kind) {
            case JSON, NDJSON -> {
                StringJoiner array = new StringJoiner(",", "[", "]");
                for (Event event : decoded.events()) {
                    array.add(event.payload());
                }
                yield new Posting(MediaKind.JSON, array.toString().getBytes(StandardCharsets.UTF_8));
            }
            case CLOUD_EVENTS -> {
                Set<Integer> indexes = new HashSet<>();
                for (Event event : decoded.events()) {
                    indexes.add(event.index());
                }
                yield new Posting(kind, CloudEvents.select(body, indexes));
            }
            case CLOUD_EVENT -> throw new IllegalStateException("one event cannot both fit and not fit");
        };
    }
}
