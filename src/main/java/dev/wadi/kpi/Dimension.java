package dev.wadi.kpi;

import dev.wadi.contract.ColumnType;
import dev.wadi.contract.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Something to group or filter a KPI by.
 *
 * @param name as in {@code by=} and in the rows of an answer
 * @param column where its values are: in the table of the KPI, or in the joined table
 * @param join the dimension table that has the column; null when the table of the KPI has it
 * @param example a value, for the documentation; null for none
 */
public record Dimension(
        String name,
        String column,
        ColumnType type,
        @Nullable Join join,
        @Nullable String example) {

    /**
     * The way to a dimension table. A fact without a partner stays in the answer, with no value for the dimension.
     *
     * @param foreignKey column of the KPI's table
     * @param key column of the dimension table, different in every row: where it is not, facts count several times
     */
    public record Join(TableName table, String foreignKey, String key) {}
}
