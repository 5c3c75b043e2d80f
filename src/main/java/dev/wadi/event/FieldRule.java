package dev.wadi.event;

import com.fasterxml.jackson.core.JsonToken;
import dev.wadi.contract.EventShape;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/** What a field must be, and how to say so. */
final class FieldRule {
    final int index;
    final String name;
    final EventShape.Type type;
    final boolean required;

    final boolean id;
    final ObjectRule fields;
    final String expected;
    private final EnumSet<EventShape.Type> accepts = EnumSet.noneOf(EventShape.Type.class);
    private final String[] allowed;
    private final double minimum;
    private final double maximum;

    FieldRule(int index, EventShape.Field field, boolean id, boolean closed) {
        this.index = index;
        this.name = field.name();
        this.type = field.type();
        this.required = field.required();
        this.id = id;
        this.fields = ObjectRule.of(field.fields(), closed);
        this.allowed = field.allowed().toArray(String[]::new);
        this.minimum = field.minimum() == null ? Double.NEGATIVE_INFINITY : field.minimum();
        this.maximum = field.maximum() == null ? Double.POSITIVE_INFINITY : field.maximum();
        this.expected = expected(field, required || id);
        this.accepts.addAll(field.accepts());
    }

    /** Whether the value may be of another type, which then becomes a string. */
    boolean accepts(JsonToken token) {
        return switch (token) {
            case VALUE_NUMBER_INT ->
                accepts.contains(EventShape.Type.INTEGER) || accepts.contains(EventShape.Type.NUMBER);
            case VALUE_NUMBER_FLOAT -> accepts.contains(EventShape.Type.NUMBER);
            case VALUE_TRUE, VALUE_FALSE -> accepts.contains(EventShape.Type.BOOLEAN);
            default -> false;
        };
    }

    boolean limitsValues() {
        return allowed.length > 0;
    }

    boolean allows(char[] text, int offset, int length) {
        for (String value : allowed) {
            if (value.length() == length && same(value, text, offset)) {
                return true;
            }
        }
        return allowed.length == 0;
    }

    private static boolean same(String value, char[] text, int offset) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) != text[offset + i]) {
                return false;
            }
        }
        return true;
    }

    /** False for NaN. */
    boolean spans(double number) {
        return number >= minimum && number <= maximum && !Double.isInfinite(number);
    }

    private static String expected(EventShape.Field field, boolean inked) {
        if (!field.allowed().isEmpty()) {
            return "one of " + String.join(", ", field.allowed());
        }
        String range = range(field.minimum(), field.maximum());
        return switch (field.type()) {
            case STRING -> inked ? "string that is not blank" : "string";
            case INTEGER -> "integer" + (range.isEmpty() ? " of 64 bits" : range);
            case NUMBER -> "number" + range;
            case BOOLEAN -> "true or false";
            case DATE -> "date, such as \"2026-01-31\"";
            case TIMESTAMP -> "timestamp with Z or an offset, such as \"2026-01-31T12:00:00Z\"";
            case OBJECT -> "object";
            case ARRAY -> "array";
        };
    }

    private static String range(@Nullable Double minimum, @Nullable Double maximum) {
        if (minimum != null && maximum != null) {
            return " from %s to %s".formatted(plain(minimum), plain(maximum));
        }
        if (minimum != null) {
            return " of at least " + plain(minimum);
        }
        return maximum == null ? "" : " of at most " + plain(maximum);
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
