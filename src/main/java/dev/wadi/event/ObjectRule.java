package dev.wadi.event;

import dev.wadi.contract.EventShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields that an object should have, arranged for being looked up while it is read. */
final class ObjectRule {
    /** An object about which nothing is known. */
    static final ObjectRule NONE = new ObjectRule(List.of(), null);

    private final Map<String, FieldRule> byName = new HashMap<>();
    final FieldRule[] fields;
    final boolean identifies;

    private ObjectRule(List<EventShape.Field> shape, @Nullable String id) {
        fields = new FieldRule[shape.size()];
        for (int i = 0; i < fields.length; i++) {
            EventShape.Field field = shape.get(i);
            fields[i] = new FieldRule(i, field, field.name().equals(id));
            byName.put(field.name(), fields[i]);
        }
        identifies = id != null;
    }

    static ObjectRule of(EventShape shape) {
        return new ObjectRule(shape.fields(), shape.id());
    }

    static ObjectRule of(List<EventShape.Field> fields) {
        return fields.isEmpty() ? NONE : new ObjectRule(fields, null);
    }

    @Nullable
    FieldRule find(String name) {
        return byName.get(name);
    }
}
