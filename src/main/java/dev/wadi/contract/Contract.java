package dev.wadi.contract;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a table is: the validated content of one {@code *.odcs.yaml} file.
 *
 * @param primaryKey names of the key columns, never empty, each required
 * @param merging how the rows of one key become what the table holds
 * @param partitionBy names of the partition columns, often empty
 * @param rules what rows must meet, in the order of the file
 * @param event the shape of the events that the table takes; null for a table that a transform fills
 * @param origins from which rows of which tables a row is made, as far as the contract says so
 * @param retention how long what came is of interest to who asks how a row came to be; null for as long as it is there
 * @param deletionVectors whether a merge may mark rows as deleted instead of rewriting files
 * @param file where it was read from
 */
public record Contract(
        TableName table,
        String description,
        List<Column> columns,
        List<String> primaryKey,
        Merging merging,
        List<String> partitionBy,
        List<Rule> rules,
        @Nullable EventShape event,
        boolean deletionVectors,
        List<Origin> origins,
        @Nullable Duration retention,
        Path file) {
    /** Names of the columns that a history adds. */
    public static final String START_AT = "__START_AT";

    public static final String END_AT = "__END_AT";
    /** Names of the columns that a bitemporal history adds. */
    public static final String SYSTEM_START_AT = "__SYSTEM_START_AT";

    public static final String SYSTEM_END_AT = "__SYSTEM_END_AT";

    public Contract {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        partitionBy = List.copyOf(partitionBy);
        rules = List.copyOf(rules);
        origins = List.copyOf(origins);
    }

    /** A contract that says nothing of origins and retention. */
    public Contract(
            TableName table,
            String description,
            List<Column> columns,
            List<String> primaryKey,
            Merging merging,
            List<String> partitionBy,
            List<Rule> rules,
            @Nullable EventShape event,
            boolean deletionVectors,
            Path file) {
        this(
                table,
                description,
                columns,
                primaryKey,
                merging,
                partitionBy,
                rules,
                event,
                deletionVectors,
                List.of(),
                null,
                file);
    }

    public WhenMatched whenMatched() {
        return merging.whenMatched();
    }

    public List<String> sequenceBy() {
        return merging.sequenceBy();
    }

    /**
     * The columns of the table, as other readers of it see them: the stored columns of the contract, then those that the
     * merge itself needs.
     */
    public List<Column> stored() {
        List<Column> stored =
                new ArrayList<>(columns.stream().filter(Column::stored).toList());
        if (merging.history()) {
            stored.add(own(START_AT, sequenceType(), "The sequence from which this state of the key holds."));
            stored.add(own(END_AT, sequenceType(), "The sequence at which the next state began; null while it holds."));
        }
        String system = merging.systemSequenceBy();
        if (system != null) {
            ColumnType type = column(system).type();
            stored.add(own(SYSTEM_START_AT, type, "The %s from which this row was known.".formatted(system)));
            stored.add(own(
                    SYSTEM_END_AT,
                    type,
                    "The %s at which another row took its place; null while it is what is known.".formatted(system)));
        }
        for (Column column : columns) {
            if (merging.ignoreNullUpdates().contains(column.name())) {
                stored.add(own(
                        sequenceOf(column.name()),
                        sequenceType(),
                        "The sequence of the event that set %s; null when it is the row's own."
                                .formatted(column.name())));
            }
        }
        return stored;
    }

    private static Column own(String name, ColumnType type, String description) {
        return new Column(name, type, false, false, description, null);
    }

    /** The column that says which event set {@code column}, one of {@link Merging#ignoreNullUpdates}. */
    public static String sequenceOf(String column) {
        return "__SEQ_" + column;
    }

    /**
     * The type of a sequence as one value: that of the column of {@link Merging#sequenceBy}, or an object of the columns
     * when there are several.
     *
     * @throws IllegalArgumentException when the table has no order
     */
    public ColumnType sequenceType() {
        List<Column> sequence = sequenceBy().stream().map(this::column).toList();
        if (sequence.isEmpty()) {
            throw new IllegalArgumentException("%s has no order".formatted(table));
        }
        return sequence.size() == 1
                ? sequence.getFirst().type()
                : new ColumnType.Struct(sequence.stream()
                        .map(column -> new ColumnType.Struct.Field(column.name(), column.type(), column.description()))
                        .toList());
    }

    /** @throws IllegalArgumentException when there is no such column */
    public Column column(String name) {
        for (Column column : columns) {
            if (column.name().equals(name)) {
                return column;
            }
        }
        throw new IllegalArgumentException("%s has no column '%s'".formatted(table, name));
    }

    /**
     * The columns that make two rows of one key equal or different: the stored ones but key, sequence,
     * system time and provenance.
     */
    public List<Column> content() {
        return columns.stream()
                .filter(column -> column.stored()
                        && !column.provenance()
                        && !primaryKey.contains(column.name())
                        && !merging.sequenceBy().contains(column.name())
                        && !column.name().equals(merging.systemSequenceBy()))
                .toList();
    }
}
