package dev.wadi.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the names and types that a contract accepts beside its own into its own: {@code {"timestamp":...}} becomes
 * {@code {"event_time":...}}, and the number 123 the string "123" where the contract wants one. All other bytes stay as they
 * are. A field under its own name goes before one under an alias, which then stays as a field of no meaning.
 */
final class Translation {
    private final JsonParser parser;
    private final byte[] bytes;
    private final int start;
    private final int end;

    /** What goes in the place of some bytes. */
    private record Edit(int from, int to, byte[] text) {}

    /** @param parser before the first token of the bytes from {@code start} to {@code end}, which are JSON */
    Translation(JsonParser parser, byte[] bytes, int start, int end) {
        this.parser = parser;
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    /** @param inEnvelope whether the event is the {@code data} of a CloudEvent */
    byte[] of(ObjectRule rule, boolean inEnvelope) throws IOException {
        List<Edit> edits = new ArrayList<>();
        if (parser.nextToken() == JsonToken.START_OBJECT) {
            if (inEnvelope) {
                data(rule, edits);
            } else {
                object(rule, edits);
            }
        }
        edits.sort(Comparator.comparingInt(Edit::from));
        ByteArrayOutputStream ours = new ByteArrayOutputStream(end - start + 16 * edits.size());
        int at = start;
        for (Edit edit : edits) {
            ours.write(bytes, at, edit.from() - at);
            ours.writeBytes(edit.text());
            at = edit.to();
        }
        ours.write(bytes, at, end - at);
        return ours.toByteArray();
    }

    private void data(ObjectRule rule, List<Edit> edits) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (parser.nextToken() == JsonToken.START_OBJECT && name.equals("data")) {
                object(rule, edits);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void object(ObjectRule rule, List<Edit> edits) throws IOException {
        BitSet known = new BitSet();
        Map<FieldRule, List<Edit>> aliases = new HashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            int at = tokenStart();
            parser.nextToken();
            FieldRule field = rule.find(name);
            if (field != null) {
                known.set(field.index);
                value(field, edits);
                continue;
            }
            field = rule.findAlias(name);
            if (field == null || aliases.containsKey(field)) {
                parser.skipChildren();
                continue;
            }
            List<Edit> renamed = new ArrayList<>();
            renamed.add(new Edit(at, stringEnd(at), quoted(field.name)));
            value(field, renamed);
            aliases.put(field, renamed);
        }
        aliases.forEach((field, renamed) -> {
            if (!known.get(field.index)) {
                edits.addAll(renamed);
            }
        });
    }

    private void value(FieldRule field, List<Edit> edits) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT && field.fields != ObjectRule.NONE) {
            object(field.fields, edits);
        } else if (field.accepts(token)) {
            int at = tokenStart();
            String text = parser.getText();
            edits.add(new Edit(at, at + text.length(), ('"' + text + '"').getBytes(StandardCharsets.US_ASCII)));
        } else {
            parser.skipChildren();
        }
    }

    private int tokenStart() {
        return start + (int) parser.currentTokenLocation().getByteOffset();
    }

    /** Behind the quote that ends the string at {@code at}. */
    private int stringEnd(int at) {
        int behind = at + 1;
        while (bytes[behind] != '"') {
            behind += bytes[behind] == '\\' ? 2 : 1;
        }
        return behind + 1;
    }

    private static byte[] quoted(String name) {
        return ('"' + new String(JsonStringEncoder.getInstance().quoteAsString(name)) + '"')
                .getBytes(StandardCharsets.UTF_8);
    }
}
