package dev.wadi.merge;

import dev.wadi.contract.TableName;
import java.util.Locale;

/** How a merge ended. */
public sealed interface MergeOutcome {
    TableName table();

    Counts counts();

    /** A new version holds the batch. */
    record Committed(TableName table, long version, Plan plan, Counts counts, Work work) implements MergeOutcome {}

    /** Nothing in the batch changed the table, so there is no new version. */
    record Unchanged(TableName table, Counts counts) implements MergeOutcome {}

    /** How rows got into the table. */
    enum Plan {
        /** No key of the batch was in the table: new files only. */
        APPEND,
        /** Replaced rows are marked in deletion vectors; the new ones are in new files. */
        DELETION_VECTORS,
        /** Files that held replaced rows were written again without them. */
        REWRITE
    }

    /**
     * Rows of the batch by what became of them; they add up to the rows that came in.
     *
     * @param deleted deletes that removed a row
     * @param buried what no row shows: deletes of keys that have no row and events of a history that share the row of a
     *     newer one (they are remembered), and truncates
     */
    record Counts(
            long received,
            long inserted,
            long updated,
            long deleted,
            long buried,
            long stale,
            long duplicate,
            long tied,
            long refused) {}

    /** What it took. */
    record Work(Files files, long millis, int attempts) {}

    /**
     * The files of a merge.
     *
     * @param read data files in the version that was planned on
     * @param removed files of which nothing lives on, or that were written again
     * @param marked files whose replaced rows were marked
     */
    record Files(int read, int written, int removed, int marked, long bytesWritten, long rowsWritten) {

        /** Rows written for each row that changed the table. */
        String amplification(Counts counts) {
            long changed = counts.inserted() + counts.updated() + counts.deleted();
            return changed == 0 ? "0" : String.format(Locale.ROOT, "%.2f", (double) rowsWritten / changed);
        }
    }
}
