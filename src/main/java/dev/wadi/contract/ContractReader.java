package dev.wadi.contract;

import dev.wadi.yaml.Mistakes;
import dev.wadi.yaml.Section;
import dev.wadi.yaml.YamlFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one contract file. How the words of the Open Data Contract Standard become a {@link Contract}:
 *
 * <ul>
 *   <li>{@code schema} has one item, the table: {@code physicalName} is its {@link TableName}, {@code name} the part of
 *       it behind the point.
 *   <li>{@code properties} are the columns: {@code physicalType} is the {@link ColumnType}, {@code logicalType} must agree
 *       with it; {@code primaryKey}, {@code primaryKeyPosition}, {@code partitioned} and {@code partitionKeyPosition} give
 *       key and partitions; the custom properties {@code fill} and {@code provenance} the rest of {@link Column}.
 *   <li>The custom properties of the table from {@code sequenceBy} to {@code systemSequenceBy} are its {@link Merging}
 *       ({@link MergingReader}), {@code quality} its {@link Rule}s ({@link RuleReader}). With {@code stream} the table takes events, and {@code eventId} names their id field.
 *   <li>{@code madeFrom} gives the {@link Origin}s; {@code slaProperties} may have a {@code retention} ({@link OriginReader}).
 *   <li>The {@code properties} of the payload column are the fields of an {@link EventShape} ({@link EventShapeReader}).
 * </ul>
 */
final class ContractReader {
    private static final String VERSION = "v3.1.0";
    private static final Set<String> CONTRACT_KEYS = Set.of(
            "version",
            "kind",
            "apiVersion",
            "id",
            "name",
            "tenant",
            "tags",
            "status",
            "servers",
            "dataProduct",
            "description",
            "domain",
            "schema",
            "support",
            "price",
            "team",
            "roles",
            "slaDefaultElement",
            "slaProperties",
            "authoritativeDefinitions",
            "customProperties",
            "contractCreatedTs");
    private static final Set<String> TABLE_KEYS = Set.of(
            "id",
            "name",
            "physicalType",
            "description",
            "businessName",
            "authoritativeDefinitions",
            "tags",
            "customProperties",
            "logicalType",
            "physicalName",
            "dataGranularityDescription",
            "properties",
            "relationships",
            "quality");
    private static final Set<String> TABLE_PROPERTIES = Stream.concat(
                    MergingReader.PROPERTIES.stream(),
                    Stream.of(OriginReader.PROPERTY, "deletionVectors", "stream", "eventId", "unknownFields"))
            .collect(Collectors.toUnmodifiableSet());
    private static final Pattern STREAM = Pattern.compile("[a-z][a-z0-9_-]{0,127}");

    /** A name and the line it stands in. */
    record Named(String name, int line) {}

    private final YamlFile file;
    private final Mistakes mistakes;
    private @Nullable Named table;
    private @Nullable Named stream;

    ContractReader(YamlFile file, Mistakes mistakes) {
        this.file = file;
        this.mistakes = mistakes;
    }

    /** The table that was read; null when its name could not be. */
    @Nullable
    Named table() {
        return table;
    }

    /** The stream that was read; null when there is none. */
    @Nullable
    Named stream() {
        return stream;
    }

    /** The contract; null when it has mistakes, which are noted. */
    @Nullable
    Contract read() {
        int before = mistakes.count();
        Section root = file.root("a contract", "apiVersion: v3.1.0");
        if (root == null) {
            return null;
        }
        root.allow(CONTRACT_KEYS);
        constant(root, "apiVersion", VERSION);
        constant(root, "kind", "DataContract");
        root.requiredText("id", "Write a name that no other contract has, such as 'id: silver.bookings'.");
        root.requiredText("version", "Write the version of this contract, such as 'version: 1.0.0'.");
        root.requiredText("status", "Write 'status: active'.");
        misplaced(root);

        List<Section> tables = root.sections("schema", "the table");
        if (tables.size() != 1) {
            root.mistake(
                    "schema",
                    root.has("schema")
                            ? "'schema' must have one item, the table; it has %d. Write a file for each table."
                                    .formatted(tables.size())
                            : "'schema' is missing. It holds one item: the table.");
            return null;
        }
        Section section = tables.getFirst();
        section.allow(TABLE_KEYS);
        TableName name = tableName(section);
        Map<String, Section> properties = CustomProperties.of(section, TABLE_PROPERTIES);
        stream = streamName(properties.get("stream"));
        List<ColumnReader> columns = columns(section);
        List<String> key = order(columns, ColumnReader.Place.KEY);
        if (key.isEmpty() && !columns.isEmpty()) {
            section.mistake(
                    "properties",
                    "no column is the primary key. Write 'primaryKey: true' and 'required: true' at one.");
        }
        List<String> partitions = order(columns, ColumnReader.Place.PARTITION);
        if (!columns.isEmpty() && partitions.size() == columns.size()) {
            section.mistake(
                    "properties", "all columns are partition columns. Leave at least one to be stored in files.");
        }
        MergingReader mergingReader = new MergingReader(section, properties, columns);
        Merging merging = mergingReader.read();
        derived(columns);
        RuleReader rules = new RuleReader();
        rules.read(section);
        columns.forEach(column -> rules.read(column.section()));
        EventShape shape = EventShapeReader.read(section, properties, columns, stream);
        List<Origin> origins = OriginReader.origins(properties.get(OriginReader.PROPERTY));
        Duration retention = OriginReader.retention(root);
        Section vectors = properties.get("deletionVectors");
        boolean deletionVectors = vectors == null || vectors.flag("value", true);
        String description = section.requiredText("description", "Say in a sentence what a row is.");

        if (mistakes.count() > before) {
            return null;
        }
        return new Contract(
                Objects.requireNonNull(name),
                Objects.requireNonNull(description),
                columns.stream()
                        .map(column ->
                                column.column(!mergingReader.storeExcept().contains(column.name())))
                        .toList(),
                key,
                merging,
                partitions,
                rules.rules(),
                shape,
                deletionVectors,
                origins,
                retention,
                file.path());
    }

    private static void constant(Section root, String key, String value) {
        String text = root.requiredText(key, "Write '%s: %s'.".formatted(key, value));
        if (text != null && !text.equals(value)) {
            root.mistake(key, "%s '%s' is not known. Write '%s: %s'.".formatted(key, text, key, value));
        }
    }

    /** At the top, custom properties are free; but one that belongs to the table would be without effect there. */
    private static void misplaced(Section root) {
        for (Section property : root.sections("customProperties", "the contract, custom property")) {
            String name = property.text("property");
            if (name != null && TABLE_PROPERTIES.contains(name)) {
                property.mistake(
                        "property",
                        "'%s' says something about the table. Move it to the customProperties under 'schema'."
                                .formatted(name));
            }
        }
    }

    private @Nullable TableName tableName(Section section) {
        String physical = section.requiredText(
                "physicalName", "Write layer and name of the table, such as 'physicalName: silver.bookings'.");
        String plain = section.requiredText("name", "Write the name of the table without its layer.");
        if (physical == null) {
            return null;
        }
        try {
            TableName name = TableName.parse(physical);
            table = new Named(physical, section.line("physicalName"));
            if (plain != null && !plain.equals(name.name())) {
                section.mistake(
                        "name",
                        "'%s' does not agree with physicalName '%s'. Write 'name: %s'."
                                .formatted(plain, physical, name.name()));
            }
            return name;
        } catch (IllegalArgumentException e) {
            section.mistake("physicalName", e.getMessage() + ".");
            return null;
        }
    }

    private static @Nullable Named streamName(@Nullable Section property) {
        String name = property == null ? null : property.text("value");
        if (property == null || name == null) {
            return null;
        }
        if (!STREAM.matcher(name).matches()) {
            property.mistake(
                    "value",
                    "'%s' is no name for a stream. Write lower-case letters, digits, _ and -, a letter first."
                            .formatted(name));
            return null;
        }
        return new Named(name, property.line("value"));
    }

    private List<ColumnReader> columns(Section section) {
        List<ColumnReader> columns = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (Section item : section.sections("properties", "a column")) {
            ColumnReader column = new ColumnReader(item, stream != null);
            column.read();
            columns.add(column);
            if (!column.name().isEmpty()) {
                Integer first = lines.putIfAbsent(column.name(), item.line("name"));
                if (first != null) {
                    column.mistake(
                            "name",
                            "there is a column '%s' already, in line %d. Rename or remove one."
                                    .formatted(column.name(), first));
                }
            }
        }
        if (columns.isEmpty()) {
            section.mistake("properties", "there are no columns. List them under 'properties'.");
        }
        return columns;
    }

    /** The names of the columns at {@code place}, by position; in the order of the file where positions are not given. */
    private static List<String> order(List<ColumnReader> columns, ColumnReader.Place place) {
        List<ColumnReader> chosen =
                columns.stream().filter(column -> column.isAt(place)).toList();
        long positions =
                chosen.stream().filter(column -> column.position(place) > 0).count();
        Map<Integer, String> taken = new HashMap<>();
        for (ColumnReader column : chosen) {
            int position = column.position(place);
            String other = position > 0 ? taken.putIfAbsent(position, column.name()) : null;
            if (other != null) {
                column.mistake(
                        place.positionKey,
                        "position %d is taken by column '%s'. Number them 1, 2, 3.".formatted(position, other));
            }
            if (position == 0 && positions > 0) {
                column.mistake(
                        place.key,
                        "'%s' is missing, while other columns have it. Give it to all or to none."
                                .formatted(place.positionKey));
            }
        }
        return chosen.stream()
                .sorted(Comparator.comparingInt(column -> column.position(place)))
                .map(ColumnReader::name)
                .toList();
    }

    /** A derived column that rests on where a row came from differs each time the row comes, as that does. */
    private static void derived(List<ColumnReader> columns) {
        for (ColumnReader column : columns) {
            String expression = column.derivedBy();
            if (expression == null) {
                continue;
            }
            for (ColumnReader other : columns) {
                boolean named = Pattern.compile(
                                "\\b%s\\b".formatted(Pattern.quote(other.name())), Pattern.CASE_INSENSITIVE)
                        .matcher(expression)
                        .find();
                if (named && other.provenance() && !column.provenance()) {
                    column.mistake(
                            "customProperties",
                            "it is derived from '%s', which says where the row came from, so the same row would differ when it"
                                            .formatted(other.name())
                                    + " comes again. Add the custom property provenance with the value true.");
                }
            }
        }
    }
}
