package dev.wadi.contract;

import dev.wadi.yaml.Section;
import dev.wadi.yaml.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the nested properties of a payload column: the fields of an event.
 *
 * <p>What the standard can say and Wadi does not check (patterns, lengths, items of an array) is refused: a rule in a
 * contract that nobody applies is worse than none.
 */
final class EventShapeReader {
    private static final int DEEPEST = 16;
    private static final Map<String, EventShape.Type> TYPES = types();
    private static final Set<String> OPTIONS = Set.of("minimum", "maximum");
    private static final Set<String> ACCEPTED = Set.of("integer", "number", "boolean");
    private static final Set<String> UNUSED =
            Set.of("primaryKey", "primaryKeyPosition", "partitioned", "partitionKeyPosition", "unique", "items");

    private final Section payload;

    private EventShapeReader(Section payload) {
        this.payload = payload;
    }

    /**
     * The shape of the events that {@code table} takes; null when it takes none, or after a mistake.
     *
     * @param properties the custom properties of the table
     * @param stream null when the table has none, or none that can be used
     */
    static @Nullable EventShape read(
            Section table,
            Map<String, Section> properties,
            List<ColumnReader> columns,
            ContractReader.@Nullable Named stream) {
        Section id = properties.get("eventId");
        Section unknown = properties.get("unknownFields");
        if (!properties.containsKey("stream")) {
            if (id != null) {
                id.mistake(id.line(), "only a table with a 'stream' takes events. Add 'stream', or remove 'eventId'.");
            }
            if (unknown != null) {
                unknown.mistake(
                        unknown.line(),
                        "only a table with a 'stream' takes events. Add 'stream', or remove 'unknownFields'.");
            }
            return null;
        }
        Map<Column.Fill, ColumnReader> filled = new HashMap<>();
        for (ColumnReader column : columns) {
            Column.Fill fill = column.fill();
            ColumnReader other = fill == null ? null : filled.putIfAbsent(fill, column);
            if (other != null) {
                column.mistake(
                        "customProperties",
                        "column '%s' has the same fill. Each fill goes to one column.".formatted(other.name()));
            }
        }
        ColumnReader payload = filled.get(Column.Fill.PAYLOAD);
        if (payload == null) {
            table.mistake(
                    "properties",
                    "a table with a 'stream' needs a column for the event: physicalType JSON, fill payload.");
            return null;
        }
        List<EventShape.Field> fields = new EventShapeReader(payload.section()).fields();
        String idField = id == null ? null : id.text("value");
        if (id != null && idField != null) {
            identifying(id, idField, fields);
        }
        boolean closed = unknown != null && closed(unknown);
        ColumnReader extra = filled.get(Column.Fill.EXTRA);
        if (closed && extra != null) {
            extra.mistake(
                    "customProperties",
                    "unknownFields refuses what this column would hold. Write 'keep' there, or remove the column.");
        }
        return stream == null ? null : new EventShape(stream.name(), idField, fields, closed);
    }

    private static boolean closed(Section property) {
        String text = property.text("value");
        if (text != null && !text.equals("keep") && !text.equals("refuse")) {
            property.mistake(
                    "value", "'%s' is not known. %s".formatted(text, Spelling.cure(text, Set.of("keep", "refuse"))));
        }
        return "refuse".equals(text);
    }

    private static void identifying(Section property, String name, List<EventShape.Field> fields) {
        EventShape.Field field = fields.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElse(null);
        if (field == null) {
            List<String> known = fields.stream().map(EventShape.Field::name).toList();
            property.mistake(
                    "value", "events have no top-level field '%s'. %s".formatted(name, Spelling.cure(name, known)));
        } else if (field.type() != EventShape.Type.STRING && field.type() != EventShape.Type.INTEGER) {
            property.mistake(
                    "value", "the field '%s' is no id: an id is a string or an integer. Name another.".formatted(name));
        }
    }

    private List<EventShape.Field> fields() {
        if (!payload.has("properties")) {
            payload.mistake(payload.line(), "the fields of an event are missing. List them under 'properties'.");
        }
        return fields(payload, "", 1);
    }

    private List<EventShape.Field> fields(Section parent, String path, int depth) {
        List<EventShape.Field> fields = new ArrayList<>();
        Map<String, Section> aliases = new HashMap<>();
        if (depth > DEEPEST) {
            parent.mistake("properties", "nested more than %d deep. Flatten the event.".formatted(DEEPEST));
            return fields;
        }
        Map<String, Integer> lines = new HashMap<>();
        for (Section item : parent.sections("properties", parent.what() + ", a field")) {
            EventShape.Field field = field(item, path, depth, aliases);
            if (field == null) {
                continue;
            }
            Integer first = lines.putIfAbsent(field.name(), item.line("name"));
            if (first != null) {
                item.named("field '%s%s'".formatted(path, field.name()))
                        .mistake(
                                "name",
                                "there is a field '%s' already, in line %d. Rename or remove one."
                                        .formatted(field.name(), first));
            }
            fields.add(field);
        }
        aliases.forEach((alias, property) -> {
            if (lines.containsKey(alias)) {
                property.mistake(
                        "value",
                        "there is a field '%s', in line %d. A name means one field: remove it here."
                                .formatted(alias, lines.get(alias)));
            }
        });
        return fields;
    }

    /** A field; null after a mistake that leaves it without name or type. */
    private EventShape.@Nullable Field field(
            Section item, String path, int depth, Map<String, Section> siblingAliases) {
        String name = item.requiredText("name", "Write 'name: ' and the name of the field.");
        Section section = item.named("field '%s%s'".formatted(path, name == null ? "?" : name));
        section.allow(ColumnReader.PROPERTY_KEYS);
        for (String key : UNUSED) {
            if (section.has(key)) {
                section.mistake(key, "'%s' is not checked on a field of an event. Remove it.".formatted(key));
            }
        }
        RuleReader.refuse(section);
        boolean required = section.flag("required", false);
        String description = section.text("description");
        EventShape.Type type = type(section);
        Map<String, Section> properties = CustomProperties.of(section, Set.of("allowed", "aliases", "accepts"));
        List<String> allowed = allowed(properties.get("allowed"), type);
        List<String> aliases = aliases(properties.get("aliases"), siblingAliases);
        List<EventShape.Type> accepts = accepts(properties.get("accepts"), type);
        Double minimum = null;
        Double maximum = null;
        Section options = section.section("logicalTypeOptions", section.what() + ", logicalTypeOptions");
        if (options != null) {
            options(options, type);
            minimum = options.number("minimum");
            maximum = options.number("maximum");
            if (minimum != null && maximum != null && minimum > maximum) {
                options.mistake("minimum", "it is greater than 'maximum', so no value fits. Swap them.");
            }
        }
        List<EventShape.Field> nested = List.of();
        if (section.has("properties")) {
            if (type != null && type != EventShape.Type.OBJECT) {
                section.mistake("properties", "only an object has fields. Write 'logicalType: object'.");
            }
            nested = fields(section, path + (name == null ? "?" : name) + ".", depth + 1);
        }
        if (name == null || type == null) {
            return null;
        }
        return new EventShape.Field(
                name,
                type,
                required,
                Objects.requireNonNullElse(description, ""),
                allowed,
                minimum,
                maximum,
                nested,
                aliases,
                accepts);
    }

    /** @param siblings the aliases of the fields beside it; gets these, too */
    private static List<String> aliases(@Nullable Section property, Map<String, Section> siblings) {
        List<String> names = property == null ? null : property.texts("value", false);
        if (property == null || names == null) {
            return List.of();
        }
        for (String name : names) {
            if (siblings.putIfAbsent(name, property) != null) {
                property.mistake("value", "'%s' is an alias already. A name means one field.".formatted(name));
            }
        }
        return names;
    }

    private static List<EventShape.Type> accepts(@Nullable Section property, EventShape.@Nullable Type type) {
        List<String> names = property == null ? null : property.texts("value", false);
        if (property == null || names == null) {
            return List.of();
        }
        if (type != null && type != EventShape.Type.STRING) {
            property.mistake("value", "only a string can take the text of other types. Remove it.");
        }
        List<EventShape.Type> types = new ArrayList<>();
        for (String name : names) {
            if (ACCEPTED.contains(name)) {
                types.add(EventShape.Type.valueOf(name.toUpperCase(Locale.ROOT)));
            } else {
                property.mistake(
                        "value", "a string does not accept '%s'. %s".formatted(name, Spelling.cure(name, ACCEPTED)));
            }
        }
        return types;
    }

    private static EventShape.@Nullable Type type(Section section) {
        String logical = section.requiredText("logicalType", "Types: %s.".formatted(String.join(", ", TYPES.keySet())));
        if (logical == null) {
            return null;
        }
        EventShape.Type type = TYPES.get(logical);
        if (type == null) {
            String near = Spelling.nearest(logical, TYPES.keySet());
            section.mistake(
                    "logicalType",
                    "unknown type '%s'. %sTypes: %s."
                            .formatted(
                                    logical,
                                    near == null ? "" : "Write '%s'. ".formatted(near),
                                    String.join(", ", TYPES.keySet())));
        }
        return type;
    }

    private static void options(Section options, EventShape.@Nullable Type type) {
        for (String key : options.keys()) {
            if (!OPTIONS.contains(key)) {
                String near = Spelling.nearest(key, OPTIONS);
                options.mistake(
                        key,
                        near == null
                                ? "'%s' is not checked. Remove it; minimum and maximum are checked.".formatted(key)
                                : "unknown key '%s'. Write '%s'.".formatted(key, near));
            } else if (type != null && type != EventShape.Type.INTEGER && type != EventShape.Type.NUMBER) {
                options.mistake(key, "only integers and numbers have a '%s'. Remove it.".formatted(key));
            }
        }
    }

    private static List<String> allowed(@Nullable Section property, EventShape.@Nullable Type type) {
        List<String> values = property == null ? null : property.texts("value", type == EventShape.Type.INTEGER);
        if (property == null || values == null) {
            return List.of();
        }
        if (values.isEmpty()) {
            property.mistake("value", "no value is allowed. List some, or remove 'allowed'.");
        }
        if (type != null && type != EventShape.Type.STRING && type != EventShape.Type.INTEGER) {
            property.mistake("value", "only strings and integers have a list of allowed values. Remove it.");
        }
        if (type == EventShape.Type.INTEGER) {
            for (String value : values) {
                if (!value.matches("-?(0|[1-9][0-9]{0,17})")) {
                    property.mistake("value", "'%s' is not an integer, so no event could have it.".formatted(value));
                }
            }
        }
        return values;
    }

    private static Map<String, EventShape.Type> types() {
        Map<String, EventShape.Type> types = new TreeMap<>();
        for (EventShape.Type type : EventShape.Type.values()) {
            types.put(type.name().toLowerCase(Locale.ROOT), type);
        }
        return types;
    }
}
