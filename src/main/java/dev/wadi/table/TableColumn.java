package dev.wadi.table;

/**
 * A column as the table has it.
 *
 * @param physicalName its name in the Parquet files and statistics
 * @param id its Parquet field id; -1 when the table does not map columns, and its files need not have ids
 * @param sql its DuckDB type
 */
public record TableColumn(String name, String physicalName, int id, String sql) {}
