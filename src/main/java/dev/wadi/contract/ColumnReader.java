package dev.wadi.contract;

import dev.wadi.yaml.Section;
import dev.wadi.yaml.Spelling;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one column of a table. After a mistake it goes on with something that lets the rest be checked. */
final class ColumnReader {
    /** The keys that every property of the standard may have, a column as well as a field of an event. */
    static final Set<String> PROPERTY_KEYS = Set.of(
            "id",
            "name",
            "physicalType",
            "description",
            "businessName",
            "authoritativeDefinitions",
            "tags",
            "customProperties",
            "primaryKey",
            "primaryKeyPosition",
            "logicalType",
            "logicalTypeOptions",
            "physicalName",
            "required",
            "unique",
            "partitioned",
            "partitionKeyPosition",
            "classification",
            "encryptedName",
            "transformSourceObjects",
            "transformLogic",
            "transformDescription",
            "examples",
            "criticalDataElement",
            "relationships",
            "quality",
            "properties",
            "items");

    static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,127}");
    private static final Map<String, Column.Fill> FILLS = Map.of(
            "eventId", Column.Fill.EVENT_ID,
            "payload", Column.Fill.PAYLOAD,
            "extra", Column.Fill.EXTRA,
            "source", Column.Fill.SOURCE,
            "position", Column.Fill.POSITION,
            "receivedAt", Column.Fill.RECEIVED_AT);

    /** The two lists that a column can be in. */
    enum Place {
        KEY("primaryKey", "primaryKeyPosition"),
        PARTITION("partitioned", "partitionKeyPosition");

        final String key;
        final String positionKey;

        Place(String key, String positionKey) {
            this.key = key;
            this.positionKey = positionKey;
        }
    }

    private final boolean takesEvents;
    private Section section;
    private String name = "";
    private ColumnType type = ColumnType.Simple.STRING;
    private String description = "";
    private boolean required;
    private boolean unique;
    private boolean provenance;
    private Column.@Nullable Fill fill;
    private @Nullable String derivedBy;
    private final int[] positions = new int[Place.values().length];
    private final boolean[] places = new boolean[Place.values().length];

    ColumnReader(Section section, boolean takesEvents) {
        this.section = section;
        this.takesEvents = takesEvents;
    }

    void read() {
        String given = section.requiredText("name", "Write 'name: ' and the name of the column.");
        if (given != null) {
            name = given;
            section = section.named("column '%s'".formatted(given));
            if (!NAME.matcher(given).matches()) {
                section.mistake(
                        "name",
                        "not a name for a column. Write lower-case letters, digits and _, no digit first, at most 128.");
            } else if (given.startsWith("__")) {
                section.mistake(
                        "name",
                        "names that begin with two underscores belong to Wadi (__START_AT, __END_AT). Write another.");
            }
        }
        section.allow(PROPERTY_KEYS);
        readType();
        required = section.flag("required", false);
        unique = section.flag("unique", false);
        for (Place place : Place.values()) {
            readPlace(place);
        }
        if (isAt(Place.KEY) && !required) {
            section.mistake(Place.KEY.key, "a key column cannot be null. Write 'required: true'.");
        }
        checkPlaces();
        readCustom();
        if (section.has("properties") && fill != Column.Fill.PAYLOAD && !(type instanceof ColumnType.Struct)) {
            section.mistake(
                    "properties",
                    "only an object and the payload column of a table with a 'stream' have nested properties. Remove them,"
                            + " or write 'logicalType: object' without 'physicalType', or the custom property fill with the value payload.");
        }
        String text = section.text("description");
        description = text == null ? "" : text;
    }

    private void readType() {
        ColumnType read = TypeReader.read(section);
        if (read != null) {
            type = read;
        }
        if (section.has("items") && !(type instanceof ColumnType.Array)) {
            section.mistake("items", "only an array has items. Write 'logicalType: array', or remove them.");
        }
    }

    private void checkPlaces() {
        if (isAt(Place.KEY) && isInexact(type)) {
            section.mistake(
                    Place.KEY.key,
                    "%s cannot tell keys apart: NaN, -0 and rounding make equal what differs. Make it a DECIMAL or a STRING."
                            .formatted(type));
        }
        if (isAt(Place.KEY) && (type.nested() || type == ColumnType.Simple.BINARY)) {
            section.mistake(
                    Place.KEY.key,
                    "a key is a plain value, not %s. Name columns of plain types.".formatted(type.sql()));
        }
        if (isAt(Place.PARTITION) && type.nested()) {
            section.mistake(
                    Place.PARTITION.key,
                    "a partition is a folder for each value, and %s is no plain value. Partition by a DATE, a STRING or an INTEGER."
                            .formatted(type.sql()));
        }
        if (isAt(Place.PARTITION)
                && (isInexact(type)
                        || type == ColumnType.Simple.JSON
                        || type == ColumnType.Simple.BINARY
                        || type == ColumnType.Simple.TIMESTAMP)) {
            section.mistake(
                    Place.PARTITION.key,
                    "a partition is a folder for each value, and %s has too many. Partition by a DATE, a STRING or an INTEGER."
                            .formatted(type));
        }
    }

    private static boolean isInexact(ColumnType type) {
        return type == ColumnType.Simple.DOUBLE || type == ColumnType.Simple.FLOAT;
    }

    private void readPlace(Place place) {
        places[place.ordinal()] = section.flag(place.key, false);
        Double position = section.number(place.positionKey);
        if (position == null || position == -1) {
            return;
        }
        if (!isAt(place)) {
            section.mistake(
                    place.positionKey,
                    "has no effect without '%s: true'. Add it, or remove the position.".formatted(place.key));
        } else if (position < 1 || position > 1000 || position != Math.rint(position)) {
            section.mistake(place.positionKey, "must be 1 or more, without a fraction.");
        } else {
            positions[place.ordinal()] = position.intValue();
        }
    }

    private void readCustom() {
        Map<String, Section> custom = CustomProperties.of(section, Set.of("fill", "provenance", "derivedBy"));
        Section derived = custom.get("derivedBy");
        if (derived != null) {
            derivedBy = derived.text("value");
        }
        Section fillProperty = custom.get("fill");
        String word = fillProperty == null ? null : fillProperty.text("value");
        if (fillProperty != null && derived != null) {
            fillProperty.mistake(
                    fillProperty.line(),
                    "the column has derivedBy already. Keep what gives its value: one of the two.");
        } else if (fillProperty != null && word != null) {
            fill = FILLS.get(word);
            if (fill == null) {
                fillProperty.mistake(
                        "value", "'%s' is not known. %s".formatted(word, Spelling.cure(word, FILLS.keySet())));
            } else if (!takesEvents) {
                fillProperty.mistake(
                        fillProperty.line(),
                        "only a table with a 'stream' is filled from events. Remove the fill, or add the custom property"
                                + " stream to the table.");
            } else if (type != typeOf(fill)) {
                section.mistake("physicalType", "the fill %s needs physicalType %s.".formatted(word, typeOf(fill)));
            }
        } else if (takesEvents && fillProperty == null && derived == null) {
            section.mistake(
                    section.line(),
                    "nothing of an event would fill it. Add the custom property fill with one of eventId, payload, extra, source,"
                            + " position, receivedAt, or derivedBy, or remove the column.");
        }
        Section provenanceProperty = custom.get("provenance");
        boolean byFill = fill == Column.Fill.SOURCE || fill == Column.Fill.POSITION || fill == Column.Fill.RECEIVED_AT;
        provenance = provenanceProperty == null ? byFill : provenanceProperty.flag("value", byFill);
        if (provenance && !byFill && isAt(Place.KEY) && provenanceProperty != null) {
            provenanceProperty.mistake("value", "a key column is what a row is about. Write 'value: false'.");
        }
    }

    private static ColumnType.Simple typeOf(Column.Fill fill) {
        return switch (fill) {
            case EVENT_ID, SOURCE, POSITION -> ColumnType.Simple.STRING;
            case PAYLOAD, EXTRA -> ColumnType.Simple.JSON;
            case RECEIVED_AT -> ColumnType.Simple.TIMESTAMP;
        };
    }

    /** @param stored whether the table keeps it */
    Column column(boolean stored) {
        return new Column(name, type, required, provenance, stored, derivedBy, description, fill, unique);
    }

    Section section() {
        return section;
    }

    String name() {
        return name;
    }

    ColumnType type() {
        return type;
    }

    boolean provenance() {
        return provenance;
    }

    @Nullable
    String derivedBy() {
        return derivedBy;
    }

    boolean required() {
        return required;
    }

    Column.@Nullable Fill fill() {
        return fill;
    }

    boolean isAt(Place place) {
        return places[place.ordinal()];
    }

    /** From 1; 0 when it is not given. */
    int position(Place place) {
        return positions[place.ordinal()];
    }

    void mistake(String key, String problemAndCure) {
        section.mistake(key, problemAndCure);
    }
}
