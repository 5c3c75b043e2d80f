package dev.wadi.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.wadi.contract.EventShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds JSON values against rules while the parser passes them, once and without keeping them. One walk serves all events
 * of a body, one after the other; for one thread.
 */
final class EventWalk {
    /** Deeper nesting is refused here; the parser gives up at a much greater depth, where neighbours would suffer. */
    static final int DEEPEST = 64;

    /** An id is a key in a table: it has to stay small. */
    static final int LONGEST_ID = 512;

    private static final int MOST_PROBLEMS = 100;
    private static final int LONGEST_NUMBER = 1000;
    private static final int SHOWN = 40;

    private final Names[] levels = new Names[DEEPEST + 2];
    private List<Problem> problems = new ArrayList<>();
    private JsonParser parser;
    private int depth;
    private @Nullable String id;
    private boolean enveloped;
    private boolean translatable;
    private boolean strict;

    EventWalk(JsonParser parser) {
        this.parser = parser;
    }

    /** Where the walk is at one depth, and which names it has met there. */
    private static final class Names {
        private static final Set<String> NONE = Set.of();

        private final BitSet known = new BitSet();
        private Set<String> others = NONE;
        /** Null while in an array. */
        private @Nullable String name;

        private int item;

        void clear() {
            known.clear();
            others = NONE;
        }

        /** False when the name was met before. */
        boolean meet(String other) {
            if (others == NONE) {
                others = new HashSet<>();
            }
            return others.add(other);
        }

        boolean has(String other) {
            return others.contains(other);
        }
    }

    /** Goes on with the next event, read by {@code next}. */
    void start(JsonParser next) {
        parser = next;
        depth = 0;
        id = null;
        enveloped = false;
        translatable = false;
        if (!problems.isEmpty()) {
            problems = new ArrayList<>();
        }
    }

    List<Problem> problems() {
        return problems;
    }

    /** The text of the id field; null when there is none, or none that can be one. */
    @Nullable
    String id() {
        return id;
    }

    /** Whether the event looks like a CloudEvents envelope: unknown fields specversion and data. */
    boolean isEnveloped() {
        return enveloped;
    }

    /**
     * Whether the event has names or types that the contract accepts beside its own: then the problems are not the last
     * word, but what {@link Translation} makes of it.
     */
    boolean isTranslatable() {
        return translatable && !strict;
    }

    /** Whether only the contract's own names and types count. */
    void setStrict(boolean only) {
        strict = only;
    }

    /** Holds the value at the parser against {@code rule}; the parser is left at its end. */
    void event(ObjectRule rule) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            problem("object", found());
            any();
            return;
        }
        object(rule);
    }

    private void object(ObjectRule rule) throws IOException {
        Names names = enter();
        if (names == null) {
            return;
        }
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            names.name = name;
            parser.nextToken();
            FieldRule field = rule.find(name);
            if (field == null) {
                translatable |= rule.findAlias(name) != null;
                if (!names.meet(name)) {
                    problem("a field once", "the name again");
                } else if (rule.closed) {
                    problem("a field that the contract names", "another name. " + rule.instead(name));
                }
                any();
            } else if (names.known.get(field.index)) {
                problem("a field once", "the name again");
                any();
            } else {
                names.known.set(field.index);
                field(field);
            }
        }
        if (depth == 1) {
            enveloped = names.has("specversion") && (names.has("data") || names.has("data_base64"));
        }
        if (names.known.cardinality() < rule.fields.length) {
            for (FieldRule field : rule.fields) {
                if (field.required && !names.known.get(field.index)) {
                    names.name = field.name;
                    problem(field.expected, "nothing");
                }
            }
        }
        depth--;
    }

    private @Nullable Names enter() throws IOException {
        if (depth >= DEEPEST) {
            problem("nesting of at most %d levels".formatted(DEEPEST), "a deeper one");
            parser.skipChildren();
            return null;
        }
        depth++;
        Names names = levels[depth];
        if (names == null) {
            names = new Names();
            levels[depth] = names;
        }
        names.clear();
        return names;
    }

    private void field(FieldRule field) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            if (field.required) {
                problem(field.expected, "null");
            }
            return;
        }
        boolean fits = switch (field.type) {
            case STRING -> token == JsonToken.VALUE_STRING && string(field);
            case INTEGER -> token == JsonToken.VALUE_NUMBER_INT && integer(field);
            case NUMBER -> token.isNumeric() && number(field);
            case BOOLEAN -> token.isBoolean();
            case DATE ->
                token == JsonToken.VALUE_STRING
                        && TimeText.isDate(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            case TIMESTAMP -> token == JsonToken.VALUE_STRING && timestamp();
            case OBJECT -> token == JsonToken.START_OBJECT;
            case ARRAY -> token == JsonToken.START_ARRAY;
        };
        if (!fits) {
            translatable |= field.accepts(token);
            problem(field.expected, found());
            if (token.isStructStart()) {
                any();
            }
        } else if (field.type == EventShape.Type.OBJECT) {
            object(field.fields);
        } else if (field.type == EventShape.Type.ARRAY) {
            any();
        }
    }

    private boolean string(FieldRule field) throws IOException {
        if (!field.required && !field.id && !field.limitsValues()) {
            return true;
        }
        char[] text = parser.getTextCharacters();
        int offset = parser.getTextOffset();
        int length = parser.getTextLength();
        if (!field.allows(text, offset, length) || (field.required || field.id) && isBlank(text, offset, length)) {
            return false;
        }
        if (field.id) {
            if (length > LONGEST_ID) {
                problem("string of at most %d characters".formatted(LONGEST_ID), "%d characters".formatted(length));
            } else {
                id = new String(text, offset, length);
            }
        }
        return true;
    }

    private static boolean isBlank(char[] text, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (!Character.isWhitespace(text[i])) {
                return false;
            }
        }
        return true;
    }

    private boolean integer(FieldRule field) throws IOException {
        // 20 characters hold the longest long; measured first, since a number of a megabyte is slow to convert
        if (parser.getTextLength() > 20 || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return false;
        }
        if (field.limitsValues()
                && !field.allows(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength())) {
            return false;
        }
        if (!field.spans((double) parser.getLongValue())) {
            return false;
        }
        if (field.id) {
            id = parser.getText();
        }
        return true;
    }

    private boolean number(FieldRule field) throws IOException {
        return parser.getTextLength() <= LONGEST_NUMBER && field.spans(parser.getDoubleValue());
    }

    private boolean timestamp() throws IOException {
        TimeText.Instant instant =
                TimeText.instant(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        if (instant == TimeText.Instant.WITHOUT_OFFSET) {
            problem("timestamp with Z or an offset", found() + " without one: add Z or an offset such as +01:00");
        }
        return instant != TimeText.Instant.BAD;
    }

    /** Holds what another parser has begun to read against {@code rule}, as if it stood here. */
    void with(JsonParser other, ObjectRule rule) throws IOException {
        JsonParser outer = parser;
        int outerDepth = depth;
        parser = other;
        try {
            event(rule);
        } finally {
            // a syntax error leaves the walk somewhere inside
            parser = outer;
            depth = outerDepth;
        }
    }

    /** Passes the value at the parser, whatever it is, as long as it is JSON that everybody reads alike. */
    void any() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            object(ObjectRule.NONE);
        } else if (token == JsonToken.START_ARRAY) {
            Names names = enter();
            if (names == null) {
                return;
            }
            names.name = null;
            names.item = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                any();
                names.item++;
            }
            depth--;
        } else if (token == JsonToken.VALUE_NUMBER_FLOAT && parser.isNaN()) {
            problem("number as JSON has them", found());
        }
    }

    /** Steps into the field {@code name} of an object that the caller walks itself. */
    void enter(String name) {
        depth++;
        Names names = levels[depth];
        if (names == null) {
            names = new Names();
            levels[depth] = names;
        }
        names.name = name;
    }

    void leave() {
        depth--;
    }

    void problem(String expected, String found) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(pointer(), expected, found));
        } else if (problems.size() == MOST_PROBLEMS) {
            problems.add(new Problem("", "an event of stream", "more than %d problems".formatted(MOST_PROBLEMS)));
        }
    }

    /** RFC 6901. */
    private String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (int i = 1; i <= depth; i++) {
            Names names = levels[i];
            String name = names.name;
            pointer.append('/');
            if (name == null) {
                pointer.append(names.item);
            } else {
                pointer.append(name.replace("~", "~0").replace("/", "~1"));
            }
        }
        return pointer.toString();
    }

    /** The value at the parser in words, shortened. */
    String found() throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> "object";
            case START_ARRAY -> "array";
            case VALUE_NULL -> "null";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_STRING -> "string \"%s\"".formatted(shortened());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number " + shortened();
            default -> token.toString();
        };
    }

    private String shortened() throws IOException {
        char[] text = parser.getTextCharacters();
        int length = parser.getTextLength();
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(length, SHOWN); i++) {
            char c = text[parser.getTextOffset() + i];
            boolean odd = Character.isISOControl(c) || Character.isSurrogate(c);
            shown.append(odd ? '?' : c);
        }
        return length > SHOWN ? shown + "... (%d characters)".formatted(length) : shown.toString();
    }
}
