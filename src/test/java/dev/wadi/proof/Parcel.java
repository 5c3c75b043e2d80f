package dev.wadi.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** Events of one stream that travel together, in a form. */
record Parcel(String stream, Form form, List<Item> items) {

    /**
     * An event on its way.
     *
     * @param text the JSON document, in one line; broken on purpose where it is not good
     */
    record Item(String text, boolean good) {
        JsonNode event() {
            return Json.read(text);
        }

        /** The same for the same document. */
        String cloudEventId() {
            return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
        }
    }

    /** The ways to carry events that the doors know. */
    enum Form {
        HTTP_OBJECT(1, "application/json"),
        HTTP_ARRAY(60, "application/json"),
        HTTP_NDJSON(200, "application/x-ndjson"),
        HTTP_GZIP(300, "application/x-ndjson"),
        HTTP_CLOUDEVENT(1, "application/cloudevents+json"),
        HTTP_CLOUDEVENT_BINARY(1, "application/json"),
        HTTP_CLOUDEVENTS(50, "application/cloudevents-batch+json"),
        AMQP_OBJECT(1, "application/json"),
        AMQP_ARRAY(20, "application/json"),
        AMQP_NDJSON(100, "application/x-ndjson");

        /** Events in a full parcel. */
        final int size;

        final String contentType;

        Form(int size, String contentType) {
            this.size = size;
            this.contentType = contentType;
        }

        boolean amqp() {
            return name().startsWith("AMQP");
        }

        /** Whether each event carries an id beside its document. */
        boolean cloudEvents() {
            return name().startsWith("HTTP_CLOUDEVENT");
        }

        /** Whether one unreadable document leaves the others readable. */
        boolean carriesNoise() {
            return this == AMQP_OBJECT || this == AMQP_NDJSON;
        }
    }

    byte[] body() {
        String text = switch (form) {
            case HTTP_OBJECT, HTTP_CLOUDEVENT_BINARY, AMQP_OBJECT ->
                items.get(0).text();
            case HTTP_ARRAY, AMQP_ARRAY -> "[" + joined(",") + "]";
            case HTTP_NDJSON, HTTP_GZIP, AMQP_NDJSON -> joined("\n") + "\n";
            case HTTP_CLOUDEVENT -> envelope(0).toString();
            case HTTP_CLOUDEVENTS -> {
                ArrayNode batch = Json.MAPPER.createArrayNode();
                IntStream.range(0, items.size()).mapToObj(this::envelope).forEach(batch::add);
                yield batch.toString();
            }
        };
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return form == Form.HTTP_GZIP ? gzip(bytes) : bytes;
    }

    String[] headers() {
        return switch (form) {
            case HTTP_GZIP -> new String[] {"Content-Encoding", "gzip"};
            case HTTP_CLOUDEVENT_BINARY ->
                new String[] {
                    "ce-specversion",
                    "1.0",
                    "ce-id",
                    items.get(0).cloudEventId(),
                    "ce-source",
                    "/proof",
                    "ce-type",
                    "dev.wadi.proof." + stream
                };
            default -> new String[0];
        };
    }

    List<Integer> badIndexes() {
        return IntStream.range(0, items.size())
                .filter(i -> !items.get(i).good())
                .boxed()
                .toList();
    }

    Parcel goodOnly() {
        return new Parcel(stream, form, items.stream().filter(Item::good).toList());
    }

    private String joined(String separator) {
        return String.join(separator, items.stream().map(Item::text).toList());
    }

    private ObjectNode envelope(int index) {
        ObjectNode event = Json.MAPPER.createObjectNode();
        event.put("specversion", "1.0");
        event.put("id", items.get(index).cloudEventId());
        event.put("source", "/proof");
        event.put("type", "dev.wadi.proof." + stream);
        event.put("datacontenttype", "application/json");
        event.set("data", items.get(index).event());
        return event;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return packed.toByteArray();
    }
}
