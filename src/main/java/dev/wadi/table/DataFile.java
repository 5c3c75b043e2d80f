package dev.wadi.table;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file that a version of a table is made of.
 *
 * @param path relative to the table's folder, URI-encoded as in the Delta log
 * @param partition physical column name to value as text; a value is null for SQL NULL
 * @param bytes size of the file
 * @param modified milliseconds since the epoch
 * @param rows rows in the file, deleted ones included
 * @param stats the statistics as the JSON text of the Delta log; null where there are none
 * @param vector which rows are deleted; null for none
 */
public record DataFile(
        String path,
        Map<String, @Nullable String> partition,
        long bytes,
        long modified,
        long rows,
        @Nullable String stats,
        @Nullable DeletionVector vector) {

    /** Rows that are not deleted. */
    public long liveRows() {
        return vector == null ? rows : rows - vector.cardinality();
    }
}
