package dev.wadi.merge;

import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;

/**
 * Decides what becomes of each row of a batch. After {@link #plan} the workspace of the batch holds the table
 * {@code refusal (__ord, code)}: the rows to quarantine, with the number of the {@link Check} or 0 for a tie.
 */
interface Planner {
    /** Plans against one version; after a conflict it is asked again for the next. */
    Plan plan(TableSnapshot base) throws SQLException;
}
