package dev.wadi.merge;

import dev.wadi.contract.TableName;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that one version of a table changed; a version that changed many comes as several batches.
 *
 * @param committed when the version was committed
 * @param offset how many rows of the version the batches before this one had
 * @param last whether the version has no more
 * @param rows each with the columns of the table by name, and {@link #CHANGE}, {@link #VERSION} and {@link #TIMESTAMP}; the
 *     two images of an update follow each other in one batch. A value is what JDBC gives for its type, but that a
 *     timestamp is an {@link Instant}, an object a map and an array a list
 */
public record ChangeBatch(
        TableName table,
        long version,
        Instant committed,
        long offset,
        boolean last,
        List<Map<String, @Nullable Object>> rows) {
    /** {@code insert}, {@code update_preimage}, {@code update_postimage} or {@code delete}, as Delta's change data feed has it. */
    public static final String CHANGE = "_change_type";

    /** The version that changed the row, a long. */
    public static final String VERSION = "_commit_version";

    /** When that version was committed, an {@link Instant}. */
    public static final String TIMESTAMP = "_commit_timestamp";

    public ChangeBatch {
        rows = Collections.unmodifiableList(rows);
    }
}
