package dev.wadi.contract;

import dev.wadi.yaml.Section;
import dev.wadi.yaml.Spelling;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the custom properties of a table that say how the rows of one key become what it holds. What has no effect beside
 * the others is a mistake: somebody expects something of it.
 */
final class MergingReader {
    /** The properties that are read here. */
    static final Set<String> PROPERTIES = Set.of(
            "whenMatched",
            "sequenceBy",
            "deleteWhen",
            "truncateWhen",
            "tombstoneRetention",
            "scdType",
            "trackHistoryExcept",
            "ignoreNullUpdates",
            "storeExcept",
            "systemSequenceBy");

    private static final Map<String, WhenMatched> WHEN_MATCHED = Map.of(
            "sequence", WhenMatched.SEQUENCE, "keepFirst", WhenMatched.KEEP_FIRST, "replace", WhenMatched.REPLACE);
    private static final Pattern SPAN =
            Pattern.compile("(\\d{1,6}) *(second|minute|hour|day|week)s?", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Duration> UNITS = Map.of(
            "second", Duration.ofSeconds(1),
            "minute", Duration.ofMinutes(1),
            "hour", Duration.ofHours(1),
            "day", Duration.ofDays(1),
            "week", Duration.ofDays(7));

    private final Section table;
    private final Map<String, Section> properties;
    private final List<ColumnReader> columns;
    private final Set<String> storeExcept = new HashSet<>();
    private List<String> sequence = List.of();

    MergingReader(Section table, Map<String, Section> properties, List<ColumnReader> columns) {
        this.table = table;
        this.properties = properties;
        this.columns = columns;
    }

    /** What was read; after a mistake, something that lets the rest be checked. */
    Merging read() {
        sequence = sequence();
        WhenMatched whenMatched = whenMatched();
        String deleteWhen = predicate("deleteWhen");
        String truncateWhen = predicate("truncateWhen");
        boolean history = history();
        if (history && truncateWhen != null) {
            mistake("truncateWhen", "a history forgets nothing. Remove it, or write 1 for scdType.");
        }
        Duration retention = retention();
        Set<String> untracked = untracked(history);
        Set<String> sparse = sparse(history);
        String system = system(history, untracked);
        storeExcept(untracked, sparse, system);
        return new Merging(
                Objects.requireNonNullElse(whenMatched, WhenMatched.SEQUENCE),
                sequence,
                deleteWhen,
                truncateWhen,
                retention,
                sparse,
                history,
                untracked,
                system);
    }

    /** Names of the columns that are not stored. */
    Set<String> storeExcept() {
        return storeExcept;
    }

    private void mistake(String property, String text) {
        Section section = properties.get(property);
        if (section != null) {
            section.mistake(section.has("value") ? section.line("value") : section.line(), text);
        }
    }

    private @Nullable ColumnReader column(String name) {
        return columns.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The columns that a property names, each once; those that are not there are told as mistakes and left out. */
    private List<ColumnReader> named(String property) {
        Section section = properties.get(property);
        List<String> names = section == null ? null : section.texts("value", false);
        List<ColumnReader> found = new ArrayList<>();
        if (section == null || names == null) {
            return found;
        }
        if (names.isEmpty()) {
            section.mistake("value", "names no column. Name one, or remove %s.".formatted(property));
        }
        for (String name : names) {
            ColumnReader column = existing(section, name);
            if (column != null) {
                found.add(column);
            }
        }
        if (names.stream().distinct().count() < names.size()) {
            section.mistake("value", "names a column twice. Name each once.");
        }
        return found;
    }

    private @Nullable ColumnReader existing(Section section, String name) {
        ColumnReader column = column(name);
        if (column == null) {
            List<String> known = columns.stream().map(ColumnReader::name).toList();
            section.mistake("value", "there is no column '%s'. %s".formatted(name, Spelling.cure(name, known)));
        }
        return column;
    }

    private static Set<String> names(List<ColumnReader> columns) {
        return columns.stream().map(ColumnReader::name).collect(Collectors.toCollection(HashSet::new));
    }

    private List<String> sequence() {
        List<ColumnReader> named = named("sequenceBy");
        for (ColumnReader column : named) {
            orders(column, "sequenceBy");
        }
        return named.stream().map(ColumnReader::name).toList();
    }

    /** Tells what keeps a column from ordering what happens to a key. */
    private void orders(ColumnReader column, String property) {
        if (!column.required()) {
            mistake(
                    property,
                    "the column '%s' may be null, and null has no place in an order. Write 'required: true' at it."
                            .formatted(column.name()));
        } else if (column.isAt(ColumnReader.Place.KEY)) {
            mistake(
                    property,
                    "the column '%s' is in the primary key, so it is the same in all rows to be ordered. Name another."
                            .formatted(column.name()));
        } else if (column.type().nested()
                || column.type() == ColumnType.Simple.JSON
                || column.type() == ColumnType.Simple.BINARY
                || column.type() == ColumnType.Simple.BOOLEAN) {
            mistake(
                    property,
                    "the column '%s' has a type without a useful order. Name another.".formatted(column.name()));
        }
    }

    private @Nullable WhenMatched whenMatched() {
        Section property = properties.get("whenMatched");
        boolean sequenced = properties.containsKey("sequenceBy");
        if (property == null) {
            if (!sequenced) {
                table.mistake(
                        "customProperties",
                        "nothing says what happens to a row whose key is there already. Add the custom property"
                                + " sequenceBy (the newer wins), or whenMatched with keepFirst or replace.");
                return null;
            }
            return WhenMatched.SEQUENCE;
        }
        String text = property.text("value");
        if (text == null) {
            return null;
        }
        WhenMatched whenMatched = WHEN_MATCHED.get(text);
        if (whenMatched == null) {
            property.mistake(
                    "value", "'%s' is not known. %s".formatted(text, Spelling.cure(text, WHEN_MATCHED.keySet())));
        } else if (whenMatched == WhenMatched.SEQUENCE && !sequenced) {
            property.mistake("value", "'sequence' needs an order. Add the custom property sequenceBy.");
        } else if (whenMatched != WhenMatched.SEQUENCE && sequenced) {
            property.mistake("value", "'%s' does not use sequenceBy. Remove one of the two.".formatted(text));
        }
        return whenMatched;
    }

    /** Whether the table has an order; tells the property that needs it when there is none. */
    private boolean needsSequence(String property, String why) {
        if (properties.containsKey("sequenceBy")) {
            return true;
        }
        mistake(
                property,
                "%s, and nothing orders the rows of a key. Add the custom property sequenceBy.".formatted(why));
        return false;
    }

    /** Whether the later batch counts, which then deletes without an order, and leaves nothing to remember. */
    private boolean replaces() {
        Section section = properties.get("whenMatched");
        return section != null && "replace".equals(section.text("value"));
    }

    private @Nullable String predicate(String property) {
        Section section = properties.get(property);
        String text = section == null ? null : section.text("value");
        if (text != null && !(property.equals("deleteWhen") && replaces())) {
            needsSequence(property, "what comes late must not undo what is newer");
        }
        return text;
    }

    private Duration retention() {
        Section section = properties.get("tombstoneRetention");
        String text = section == null ? null : section.text("value");
        if (section == null || text == null) {
            return Merging.TOMBSTONE_RETENTION;
        }
        if ((!properties.containsKey("deleteWhen") || replaces())
                && !properties.containsKey("truncateWhen")
                && !properties.containsKey("trackHistoryExcept")) {
            section.mistake(
                    "value", "nothing is ever deleted, so there is nothing to remember. Add deleteWhen, or remove it.");
        }
        Duration retention = duration(text);
        if (retention == null || retention.isNegative() || retention.isZero()) {
            section.mistake("value", "'%s' is no time span. Write 7 days, 12 hours or P7D.".formatted(text));
            return Merging.TOMBSTONE_RETENTION;
        }
        return retention;
    }

    private static @Nullable Duration duration(String text) {
        Matcher span = SPAN.matcher(text);
        if (span.matches()) {
            Duration unit = UNITS.get(span.group(2).toLowerCase(Locale.ROOT));
            return unit == null ? null : unit.multipliedBy(Long.parseLong(span.group(1)));
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private boolean history() {
        Section section = properties.get("scdType");
        Double type = section == null ? null : section.number("value");
        if (section == null || type == null) {
            return false;
        }
        if (type != 1 && type != 2) {
            section.mistake(
                    "value",
                    "is 1 (one row a key, the newest) or 2 (a row for each state of a key). Write one of them.");
        }
        return type == 2 && needsSequence("scdType", "a history has an order");
    }

    private Set<String> untracked(boolean history) {
        List<ColumnReader> named = named("trackHistoryExcept");
        if (!named.isEmpty() && !history) {
            mistake("trackHistoryExcept", "the table keeps no history. Add scdType with the value 2, or remove it.");
        }
        for (ColumnReader column : named) {
            if (column.isAt(ColumnReader.Place.KEY) || sequence.contains(column.name())) {
                mistake(
                        "trackHistoryExcept",
                        "the column '%s' says which state of which key a row is. Name other columns."
                                .formatted(column.name()));
            }
        }
        return names(named);
    }

    private Set<String> sparse(boolean history) {
        Section section = properties.get("ignoreNullUpdates");
        if (section == null) {
            return new HashSet<>();
        }
        List<ColumnReader> named;
        if (section.isList("value")) {
            named = named("ignoreNullUpdates");
            for (ColumnReader column : named) {
                if (!mayKeepItsValue(column)) {
                    mistake(
                            "ignoreNullUpdates",
                            "the column '%s' is never null, or says what and when a row is. Remove it from the list."
                                    .formatted(column.name()));
                }
            }
        } else if (section.flag("value", false)) {
            named = columns.stream()
                    .filter(column -> mayKeepItsValue(column) && !column.provenance())
                    .toList();
        } else {
            return new HashSet<>();
        }
        if (history) {
            mistake(
                    "ignoreNullUpdates",
                    "a state of a history is what its event says. Remove it, or write 1 for scdType.");
        }
        needsSequence("ignoreNullUpdates", "which value is kept follows from the order");
        return names(named);
    }

    private boolean mayKeepItsValue(ColumnReader column) {
        return !column.required() && !column.isAt(ColumnReader.Place.KEY) && !sequence.contains(column.name());
    }

    private @Nullable String system(boolean history, Set<String> untracked) {
        Section section = properties.get("systemSequenceBy");
        String name = section == null ? null : section.text("value");
        ColumnReader column = section == null || name == null ? null : existing(section, name);
        if (section == null || column == null) {
            return null;
        }
        if (!history) {
            mistake("systemSequenceBy", "the table keeps no history. Add scdType with the value 2, or remove it.");
        }
        orders(column, "systemSequenceBy");
        if (sequence.contains(column.name())) {
            mistake(
                    "systemSequenceBy",
                    "the column '%s' is in sequenceBy, so both times would be the same. Name the column that says when"
                                    .formatted(column.name())
                            + " a state became known, or remove it.");
        }
        if (!measures(column.type())) {
            mistake(
                    "systemSequenceBy",
                    "the column '%s' is neither a number nor a time. Name one that is.".formatted(column.name()));
        }
        if (untracked.contains(column.name())) {
            mistake(
                    "trackHistoryExcept",
                    "the column '%s' is in systemSequenceBy, so it never opens a row by itself. Remove it from one of the two."
                            .formatted(column.name()));
        }
        mistake(
                "tombstoneRetention",
                "with systemSequenceBy nothing is ever forgotten, because every belief is kept that there was. Remove it.");
        return column.name();
    }

    private static boolean measures(ColumnType type) {
        return type instanceof ColumnType.Decimal
                || type instanceof ColumnType.Simple simple
                        && switch (simple) {
                            case SMALLINT, INTEGER, LONG, FLOAT, DOUBLE, DATE, TIMESTAMP -> true;
                            case STRING, BOOLEAN, BINARY, JSON -> false;
                        };
    }

    private void storeExcept(Set<String> untracked, Set<String> sparse, @Nullable String system) {
        for (ColumnReader column : named("storeExcept")) {
            String name = column.name();
            String use = null;
            if (column.isAt(ColumnReader.Place.KEY)) {
                use = "in the primary key";
            } else if (sequence.contains(name)) {
                use = "in sequenceBy";
            } else if (column.isAt(ColumnReader.Place.PARTITION)) {
                use = "a partition column";
            } else if (untracked.contains(name)) {
                use = "in trackHistoryExcept";
            } else if (sparse.contains(name) && isListed("ignoreNullUpdates")) {
                use = "in ignoreNullUpdates";
            } else if (name.equals(system)) {
                use = "in systemSequenceBy";
            }
            if (use != null) {
                mistake(
                        "storeExcept",
                        "the column '%s' is %s, so the table needs it. Remove it from one of the two."
                                .formatted(name, use));
            }
            storeExcept.add(name);
        }
        if (!isListed("ignoreNullUpdates")) {
            sparse.removeAll(storeExcept);
        }
    }

    private boolean isListed(String property) {
        Section section = properties.get(property);
        return section != null && section.isList("value");
    }
}
