package dev.wadi.sql;

import dev.wadi.contract.TableName;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a statement.
 *
 * @param rows a value for each column: {@code Boolean}, {@code Long}, {@code Double}, {@code BigDecimal}, {@code LocalDate},
 *     {@code OffsetDateTime} in UTC, {@code String} for all else, or null
 * @param truncated whether there are more rows
 * @param limit the most rows there could be
 * @param versions the table versions that were read
 */
public record SqlAnswer(
        List<Column> columns,
        List<List<@Nullable Object>> rows,
        boolean truncated,
        int limit,
        SortedMap<TableName, Long> versions) {

    /** @param type as DuckDB writes it: {@code DECIMAL(18,2)} */
    public record Column(String name, String type) {}
}
