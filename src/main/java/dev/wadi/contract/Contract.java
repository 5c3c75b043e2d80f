package dev.wadi.contract;

import java.nio.file.Path;
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
        Path file) {

    public Contract {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        partitionBy = List.copyOf(partitionBy);
        rules = List.copyOf(rules);
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
        return columns.stream().filter(Column::stored).toList();
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

    /** The columns that make two rows of one key equal or different: the stored ones but key, sequence and provenance. */
    public List<Column> content() {
        return columns.stream()
                .filter(column -> column.stored()
                        && !column.provenance()
                        && !primaryKey.contains(column.name())
                        && !merging.sequenceBy().contains(column.name()))
                .toList();
    }
}
