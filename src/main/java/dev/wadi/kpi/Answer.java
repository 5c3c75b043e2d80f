package dev.wadi.kpi;

import dev.wadi.contract.ColumnType;
import dev.wadi.contract.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a question, before it has a format.
 *
 * @param versions the table versions that were read, in the order of the tables
 * @param columns {@code time} when there is a grain, one for each dimension, then the figures
 * @param rows values in the order of the columns: String, Boolean, Long, BigDecimal, Double, LocalDate, or an OffsetDateTime in
 *     the zone of the question; of all rows the part from the offset on
 * @param totals the figures added up over all pages, as rows of {@code totalColumns}; null when they were not asked for
 * @param total rows of the whole answer
 */
public record Answer(
        Question question,
        Map<TableName, Long> versions,
        List<Column> columns,
        List<List<@Nullable Object>> rows,
        List<Column> totalColumns,
        @Nullable List<List<@Nullable Object>> totals,
        long total) {

    /** A column of the rows. */
    public record Column(String name, ColumnType type) {}

    /** {@code gold.dim_customer@12,gold.fact_orders@40}: the versions as one word. */
    public String versionsText() {
        return Moment.text(versions);
    }
}
