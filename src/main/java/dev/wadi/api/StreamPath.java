package dev.wadi.api;

import dev.wadi.contract.EventShape;
import dev.wadi.contract.EventShape.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The OpenAPI path that takes the events of a stream, with the JSON Schema that its contract stands for. */
final class StreamPath {
    private StreamPath() {}

    static Map<String, Object> of(EventShape event) {
        return Template.fill(
                "stream.yaml",
                Map.of(
                        "operation",
                        "post-" + event.stream(),
                        "summary",
                        "Events of the stream " + event.stream(),
                        "event",
                        object(event.fields()),
                        "example",
                        example(event.fields())));
    }

    private static Map<String, Object> object(List<Field> fields) {
        Map<String, Object> properties = new LinkedHashMap<>();
        fields.forEach(field -> properties.put(field.name(), schema(field)));
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        List<String> required =
                fields.stream().filter(Field::required).map(Field::name).toList();
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        return object;
    }

    private static Map<String, Object> schema(Field field) {
        Map<String, Object> schema = new LinkedHashMap<>();
        switch (field.type()) {
            case STRING -> schema.put("type", "string");
            case INTEGER -> schema.put("type", "integer");
            case NUMBER -> schema.put("type", "number");
            case BOOLEAN -> schema.put("type", "boolean");
            case ARRAY -> schema.put("type", "array");
            case DATE -> schema.putAll(Map.of("type", "string", "format", "date"));
            case TIMESTAMP -> schema.putAll(Map.of("type", "string", "format", "date-time"));
            case OBJECT -> schema.putAll(object(field.fields()));
        }
        if (!field.description().isBlank()) {
            schema.put("description", field.description());
        }
        if (!field.allowed().isEmpty()) {
            schema.put("enum", field.allowed());
        }
        if (field.minimum() != null) {
            schema.put("minimum", field.minimum());
        }
        if (field.maximum() != null) {
            schema.put("maximum", field.maximum());
        }
        return schema;
    }

    /** The smallest event of sense: every required field, with a value that is allowed. */
    private static Map<String, Object> example(List<Field> fields) {
        Map<String, Object> event = new LinkedHashMap<>();
        fields.stream().filter(Field::required).forEach(field -> event.put(field.name(), value(field)));
        return event;
    }

    private static Object value(Field field) {
        if (!field.allowed().isEmpty()) {
            return field.allowed().getFirst();
        }
        return switch (field.type()) {
            case STRING -> field.name() + "-1";
            case INTEGER -> within(field).longValue();
            case NUMBER -> within(field);
            case BOOLEAN -> true;
            case DATE -> "2026-01-31";
            case TIMESTAMP -> "2026-01-31T12:00:00Z";
            case OBJECT -> example(field.fields());
            case ARRAY -> List.of();
        };
    }

    private static Double within(Field field) {
        double least = field.minimum() == null ? 1 : Math.max(1, field.minimum());
        return field.maximum() == null ? least : Math.min(least, field.maximum());
    }
}
