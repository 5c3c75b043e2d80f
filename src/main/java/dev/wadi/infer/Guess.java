package dev.wadi.infer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wadi.contract.EventShape.Type;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the samples of one field say about it. For an object, its fields are guesses too. */
final class Guess {
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,17})");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,17})?([eE][-+]?\\d{1,2})?");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern TIMESTAMP =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}(:?\\d{2})?)?");
    private static final Pattern OFFSET = Pattern.compile(".*(Z|[+-]\\d{2}(:?\\d{2})?)");
    private static final int VALUES_KEPT = 1_000_000;

    final String name;
    final Map<String, Guess> fields = new LinkedHashMap<>();
    private final Set<Type> types = EnumSet.noneOf(Type.class);
    private final Set<Object> values = new HashSet<>();
    private long filled;
    private boolean withoutOffset;
    private boolean beyondLong;

    Guess(String name) {
        this.name = name;
    }

    /** @param texts whether the source is flat, so that a text may stand for a number */
    void add(JsonNode value, boolean texts) {
        if (value.isNull()
                || value.isMissingNode()
                || texts && value.isTextual() && value.textValue().isEmpty()) {
            return;
        }
        filled++;
        types.add(type(value, texts));
        if (value.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> each = value.fields(); each.hasNext(); ) {
                Map.Entry<String, JsonNode> field = each.next();
                fields.computeIfAbsent(field.getKey(), Guess::new).add(field.getValue(), texts);
            }
        } else if (values.size() < VALUES_KEPT) {
            values.add(value.asText());
        }
    }

    private Type type(JsonNode value, boolean texts) {
        if (value.isObject()) {
            return Type.OBJECT;
        }
        if (value.isArray()) {
            return Type.ARRAY;
        }
        if (value.isBoolean()) {
            return Type.BOOLEAN;
        }
        if (value.isIntegralNumber()) {
            beyondLong |= !value.canConvertToLong();
            return beyondLong ? Type.NUMBER : Type.INTEGER;
        }
        if (value.isNumber()) {
            return Type.NUMBER;
        }
        return ofText(value.asText(), texts);
    }

    private Type ofText(String text, boolean texts) {
        if (DATE.matcher(text).matches()) {
            return Type.DATE;
        }
        if (TIMESTAMP.matcher(text).matches()) {
            withoutOffset |= !OFFSET.matcher(text.substring(10)).matches();
            return Type.TIMESTAMP;
        }
        if (texts) {
            if (INTEGER.matcher(text).matches()) {
                return Type.INTEGER;
            }
            if (NUMBER.matcher(text).matches()) {
                return Type.NUMBER;
            }
            if (text.equals("true") || text.equals("false")) {
                return Type.BOOLEAN;
            }
        }
        return Type.STRING;
    }

    /** The type that takes all samples: STRING where they differ, or where a time does not say of which zone. */
    Type type() {
        if (types.size() == 1 && !(types.contains(Type.TIMESTAMP) && withoutOffset)) {
            return types.iterator().next();
        }
        return types.equals(EnumSet.of(Type.INTEGER, Type.NUMBER)) ? Type.NUMBER : Type.STRING;
    }

    /** Samples of more than one kind that no type but a text takes, or that a text does not take either. */
    boolean mixed() {
        return types.size() > 1 && type() == Type.STRING;
    }

    /** Whether a number or a boolean stands where texts do too. */
    List<Type> others() {
        return mixed()
                ? types.stream()
                        .filter(type -> type == Type.INTEGER || type == Type.NUMBER || type == Type.BOOLEAN)
                        .toList()
                : List.of();
    }

    boolean lacksOffset() {
        return types.contains(Type.TIMESTAMP) && withoutOffset;
    }

    /** Whether it is an object that has fields of its own to guess. */
    boolean hasFields() {
        return type() == Type.OBJECT && !fields.isEmpty();
    }

    boolean unseen() {
        return filled == 0;
    }

    long filled() {
        return filled;
    }

    /** Whether every one of {@code events} has it. */
    boolean always(long events) {
        return filled == events;
    }

    boolean distinct() {
        return filled > 0 && values.size() == filled;
    }

    long differentValues() {
        return values.size();
    }
}
