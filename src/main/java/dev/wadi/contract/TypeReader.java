package dev.wadi.contract;

import dev.wadi.yaml.Section;
import dev.wadi.yaml.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the type of a column: a pair of {@code physicalType} and {@code logicalType}, or, for objects and arrays, the
 * {@code properties} and {@code items} below it.
 */
final class TypeReader {
    private static final int DEEPEST = 16;
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\(\\s*(\\d{1,9})\\s*,\\s*(\\d{1,9})\\s*\\)");
    private static final Map<String, ColumnType.Simple> TYPES = types();
    /** What a value within a column has no use for: keys and rules are about rows. */
    private static final Set<String> UNUSED = Set.of(
            "primaryKey",
            "primaryKeyPosition",
            "partitioned",
            "partitionKeyPosition",
            "unique",
            "required",
            "logicalTypeOptions",
            "customProperties");

    private final Section column;

    private TypeReader(Section column) {
        this.column = column;
    }

    /** The type that {@code column} says; null after a mistake. */
    static @Nullable ColumnType read(Section column) {
        return new TypeReader(column).type(column, "", 1);
    }

    private @Nullable ColumnType type(Section section, String path, int depth) {
        String logical = section.requiredText("logicalType", "Write the one that agrees with physicalType.");
        String physical = section.has("physicalType") ? section.text("physicalType") : null;
        String upper = physical == null ? "" : physical.toUpperCase(Locale.ROOT);
        if ("array".equals(logical)) {
            container(section, physical, upper.equals("ARRAY"), "ARRAY", "items");
            return array(section, path, depth);
        }
        if (upper.equals("STRUCT") || "object".equals(logical) && physical == null && section.has("properties")) {
            container(section, physical, "object".equals(logical), "STRUCT", "properties");
            return struct(section, path, depth);
        }
        if (physical == null) {
            if (!section.has("physicalType")) {
                section.mistake(
                        section.line(),
                        "'physicalType' is missing. "
                                + ("object".equals(logical)
                                        ? "List the fields under 'properties', or write 'physicalType: JSON' for a document of any form."
                                        : "Types: %s.".formatted(names())));
            }
            return null;
        }
        ColumnType type = plain(section, physical, upper);
        if (type != null && logical != null && !logical.equals(logicalOf(type))) {
            section.mistake(
                    "logicalType",
                    "'%s' does not agree with physicalType %s. Write 'logicalType: %s'."
                            .formatted(logical, upper, logicalOf(type)));
        }
        return type;
    }

    private static void container(
            Section section, @Nullable String physical, boolean agrees, String expected, String below) {
        if (physical != null && !agrees) {
            section.mistake(
                    "physicalType",
                    "'%s' does not agree with logicalType %s. Remove it, or write 'physicalType: %s'; what is in it stands under '%s'."
                            .formatted(physical, section.text("logicalType"), expected, below));
        }
    }

    private @Nullable ColumnType array(Section section, String path, int depth) {
        Section items = section.section("items", "%s, items".formatted(section.what()));
        if (items == null) {
            if (!section.has("items")) {
                section.mistake(section.line(), "'items' is missing. Write the type of an item under it.");
            }
            return null;
        }
        ColumnType type = inner(items, path + "[]", depth);
        return type == null ? null : new ColumnType.Array(type);
    }

    private @Nullable ColumnType struct(Section section, String path, int depth) {
        List<ColumnType.Struct.Field> fields = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        boolean whole = true;
        for (Section item : section.sections("properties", section.what() + ", a field")) {
            String name = item.requiredText("name", "Write 'name: ' and the name of the field.");
            String place = (path.isEmpty() ? "" : path + ".") + (name == null ? "?" : name);
            Section field = item.named("%s, field '%s'".formatted(column.what(), place));
            ColumnType type = inner(field, place, depth);
            if (name != null && !ColumnReader.NAME.matcher(name).matches()) {
                field.mistake(
                        "name",
                        "not a name for a field. Write lower-case letters, digits and _, no digit first, at most 128.");
            }
            Integer first = name == null ? null : lines.putIfAbsent(name, item.line("name"));
            if (first != null) {
                field.mistake(
                        "name",
                        "there is a field '%s' already, in line %d. Rename or remove one.".formatted(name, first));
            }
            whole &= name != null && type != null;
            if (name != null && type != null) {
                fields.add(new ColumnType.Struct.Field(
                        name, type, Objects.requireNonNullElse(field.text("description"), "")));
            }
        }
        if (fields.isEmpty() && whole) {
            section.mistake(
                    "properties",
                    "an object needs fields. List them under 'properties', or write 'physicalType: JSON' for a document of any form.");
            return null;
        }
        return whole ? new ColumnType.Struct(fields) : null;
    }

    private @Nullable ColumnType inner(Section section, String path, int depth) {
        section.allow(ColumnReader.PROPERTY_KEYS);
        for (String key : section.keys()) {
            if (UNUSED.contains(key)) {
                section.mistake(
                        key,
                        "'%s' is not checked within a column. Remove it; a rule under the column's 'quality' can look inside."
                                .formatted(key));
            }
        }
        RuleReader.refuse(section);
        if (depth > DEEPEST) {
            section.mistake(section.line(), "nested more than %d deep. Flatten the column.".formatted(DEEPEST));
            return null;
        }
        return type(section, path, depth + 1);
    }

    private static @Nullable ColumnType plain(Section section, String physical, String upper) {
        ColumnType.Simple simple = TYPES.get(upper);
        if (simple != null) {
            return simple;
        }
        Matcher decimal = DECIMAL.matcher(upper);
        if (!decimal.matches()) {
            String near = Spelling.nearest(physical, TYPES.keySet());
            section.mistake(
                    "physicalType",
                    "unknown type '%s'. %sTypes: %s."
                            .formatted(physical, near == null ? "" : "Write '%s'. ".formatted(near), names()));
            return null;
        }
        try {
            return new ColumnType.Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        } catch (IllegalArgumentException e) {
            section.mistake("physicalType", e.getMessage() + ".");
            return null;
        }
    }

    private static String logicalOf(ColumnType type) {
        return switch (type) {
            case ColumnType.Decimal decimal -> "number";
            case ColumnType.Struct struct -> "object";
            case ColumnType.Array array -> "array";
            case ColumnType.Simple simple ->
                switch (simple) {
                    case STRING, BINARY -> "string";
                    case BOOLEAN -> "boolean";
                    case SMALLINT, INTEGER, LONG -> "integer";
                    case FLOAT, DOUBLE -> "number";
                    case DATE -> "date";
                    case TIMESTAMP -> "timestamp";
                    case JSON -> "object";
                };
        };
    }

    private static Map<String, ColumnType.Simple> types() {
        Map<String, ColumnType.Simple> types = new LinkedHashMap<>();
        for (ColumnType.Simple simple : ColumnType.Simple.values()) {
            types.put(simple.name(), simple);
        }
        types.put("BIGINT", ColumnType.Simple.LONG);
        return types;
    }

    private static String names() {
        return String.join(", ", TYPES.keySet())
                + ", DECIMAL(precision,scale); STRUCT and ARRAY by logicalType object and array";
    }
}
