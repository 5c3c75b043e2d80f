package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a cell is made of.
 *
 * @param versions the table versions that were read
 * @param rows a page of them, by column
 * @param total all of them
 * @param value the measure over all of them: what stands in the cell
 * @param sql that gave the rows, and what is bound in it
 */
public record Facts(
        Cell cell,
        Map<TableName, Long> versions,
        List<Map<String, @Nullable Object>> rows,
        long total,
        @Nullable Object value,
        String sql,
        List<Object> parameters) {}
