package dev.wadi.event;

import dev.wadi.contract.EventShape.Field;
import dev.wadi.contract.EventShape.Type;
import java.util.List;

/** Fields of events as tests write them: with no more than the test is about. */
public final class Fields {
    private Fields() {}

    public static Field field(String name, Type type, boolean required) {
        return new Field(name, type, required, "", List.of(), null, null, List.of());
    }

    public static Field object(String name, boolean required, Field... fields) {
        return new Field(name, Type.OBJECT, required, "", List.of(), null, null, List.of(fields));
    }

    /** The field, which senders know under other names and send as other types, too. */
    static Field also(Field field, List<String> aliases, Type... accepts) {
        return new Field(
                field.name(),
                field.type(),
                field.required(),
                field.description(),
                field.allowed(),
                field.minimum(),
                field.maximum(),
                field.fields(),
                aliases,
                List.of(accepts));
    }
}
