package dev.wadi.contract;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a table is: the validated content of one {@code *.odcs.yaml} file.
 *
 * @param primaryKey names of the key columns, never empty, each required
 * @param sequenceBy names of the columns that order the events of a key, compared as a tuple; empty unless
 *     {@code whenMatched} is {@link WhenMatched#SEQUENCE}
 * @param partitionBy names of the partition columns, often empty
 * @param event the shape of the events that the table takes; null for a table that a transform fills
 * @param deletionVectors whether a merge may mark rows as deleted instead of rewriting files
 * @param file where it was read from
 */
public record Contract(
        TableName table,
        String description,
        List<Column> columns,
        List<String> primaryKey,
        WhenMatched whenMatched,
        List<String> sequenceBy,
        List<String> partitionBy,
        @Nullable EventShape event,
        boolean deletionVectors,
        Path file) {

    public Contract {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        sequenceBy = List.copyOf(sequenceBy);
        partitionBy = List.copyOf(partitionBy);
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

    /** The columns that make two rows of one key equal or different: all but key, sequence and provenance. */
    public List<Column> content() {
        return columns.stream()
                .filter(column -> !column.provenance()
                        && !primaryKey.contains(column.name())
                        && !sequenceBy.contains(column.name()))
                .toList();
    }
}
