package dev.wadi.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.micronaut.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** CloudEvents 1.0 over HTTP: binary mode becomes structured mode, and a batch is cut without changing its events. */
final class CloudEvents {
    private static final String PREFIX = "ce-";
    /** Members of the envelope that are not attributes, and the one that Content-Type carries. */
    private static final Set<String> NO_ATTRIBUTES = Set.of("data", "data_base64", "datacontenttype");

    private static final JsonFactory JSON = new JsonFactory();

    private CloudEvents() {}

    /** Whether {@code headers} hold the attributes of an event whose data is the body. */
    static boolean isBinary(HttpHeaders headers) {
        return headers.contains("ce-specversion")
                || headers.contains("ce-id")
                || headers.contains("ce-type")
                || headers.contains("ce-source");
    }

    /**
     * The attributes in {@code headers}, by name. Which of them an event needs is for the decoder to say.
     *
     * @throws Problem 400 for a header that stands for no attribute
     */
    static Map<String, String> attributes(HttpHeaders headers) {
        Map<String, String> attributes = new TreeMap<>();
        for (String header : headers.names()) {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX)) {
                String attribute = name.substring(PREFIX.length());
                if (NO_ATTRIBUTES.contains(attribute)) {
                    throw DoorProblems.unreadable(
                            "The header %s stands for no CloudEvents attribute: the data is the body and its type is Content-Type. Leave the header out"
                                    .formatted(name));
                }
                attributes.put(attribute, percentDecoded(headers.get(header, String.class, "")));
            }
        }
        return attributes;
    }

    /**
     * The event in structured mode: an object of {@code attributes} and {@code data}, which is kept byte for byte.
     *
     * @throws Problem 400 when {@code data} is not one JSON value; anything more could pass for attributes
     */
    static byte[] structured(Map<String, String> attributes, byte[] data) {
        refuseUnlessOneValue(data);
        try (ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 512)) {
            out.write('{');
            for (Map.Entry<String, String> attribute : attributes.entrySet()) {
                writeString(out, attribute.getKey());
                out.write(':');
                writeString(out, attribute.getValue());
                out.write(',');
            }
            out.writeBytes("\"datacontenttype\":\"application/json\",\"data\":".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(data);
            out.write('}');
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    /**
     * The batch of only those events of {@code batch} whose numbers are in {@code indexes}, each byte for byte.
     *
     * @param batch a JSON array, known to be whole
     */
    static byte[] select(byte[] batch, Set<Integer> indexes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(batch.length);
        out.write('[');
        try (JsonParser parser = JSON.createParser(batch)) {
            parser.nextToken();
            int index = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
                parser.skipChildren();
                if (indexes.contains(index++)) {
                    int end = Math.toIntExact(parser.currentLocation().getByteOffset());
                    if (out.size() > 1) {
                        out.write(',');
                    }
                    out.write(batch, start, end - start);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("a batch that was read once cannot be read again", e);
        }
        out.write(']');
        return out.toByteArray();
    }

    private static void refuseUnlessOneValue(byte[] data) {
        try (JsonParser parser = JSON.createParser(data)) {
            if (parser.nextToken() == null) {
                throw DoorProblems.unreadable(
                        "The body is empty: a CloudEvent in binary mode has its data there. Send a JSON object");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw DoorProblems.unreadable(
                        "Line %d, column %d: the data of a CloudEvent in binary mode is one JSON object, but more follows. Send several as application/cloudevents-batch+json"
                                .formatted(
                                        parser.currentTokenLocation().getLineNr(),
                                        parser.currentTokenLocation().getColumnNr()));
            }
        } catch (JsonParseException e) {
            throw DoorProblems.unreadable("Line %d, column %d: expected JSON, but %s"
                    .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr(), e.getOriginalMessage()));
        } catch (IOException e) {
            throw DoorProblems.unreadable("The body is not JSON: %s".formatted(e.getMessage()));
        }
    }

    private static void writeString(ByteArrayOutputStream out, String text) throws IOException {
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator.writeString(text);
        }
    }

    /** Header values carry what is not printable ASCII as %XX of its UTF-8 bytes. */
    private static String percentDecoded(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(value.length());
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                out.write(bytes[i]);
            } else {
                out.write(high * 16 + low);
                i += 2;
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
