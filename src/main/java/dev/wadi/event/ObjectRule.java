package dev.wadi.event;

import dev.wadi.contract.EventShape;
import dev.wadi.yaml.Spelling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields that an object should have, arranged for being looked up while it is read. */
final class ObjectRule {
    /** An object about which nothing is known. */
    static final ObjectRule NONE = new ObjectRule(List.of(), null, false);

    private final Map<String, FieldRule> byName = new HashMap<>();
    /** By other names than their own. */
    private final Map<String, FieldRule> byAlias = new HashMap<>();

    final FieldRule[] fields;
    final boolean identifies;
    /** Whether other fields are refused. */
    final boolean closed;

    private ObjectRule(List<EventShape.Field> shape, @Nullable String id, boolean closed) {
        fields = new FieldRule[shape.size()];
        for (int i = 0; i < fields.length; i++) {
            EventShape.Field field = shape.get(i);
            fields[i] = new FieldRule(i, field, field.name().equals(id), closed);
            byName.put(field.name(), fields[i]);
            for (String alias : field.aliases()) {
                byAlias.put(alias, fields[i]);
            }
        }
        identifies = id != null;
        this.closed = closed;
    }

    static ObjectRule of(EventShape shape) {
        return new ObjectRule(shape.fields(), shape.id(), shape.closed());
    }

    static ObjectRule of(List<EventShape.Field> fields, boolean closed) {
        return fields.isEmpty() ? NONE : new ObjectRule(fields, null, closed);
    }

    /** What to write instead of a name that is refused, in words. */
    String instead(String name) {
        return Spelling.cure(name, byName.keySet());
    }

    @Nullable
    FieldRule find(String name) {
        return byName.get(name);
    }

    /** The field that some senders call so. */
    @Nullable
    FieldRule findAlias(String name) {
        return byAlias.get(name);
    }
}
