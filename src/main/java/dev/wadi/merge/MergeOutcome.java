package dev.wadi.merge;

import dev.wadi.contract.TableName;

/** How a merge ended. */
public sealed interface MergeOutcome {
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

    /** Rows of the batch by what became of them; they add up to the rows that came in. */
    record Counts(
            long received,
            long inserted,
            long updated,
            long deleted,
            long stale,
            long duplicate,
            long tied,
            long refused) {}

    /** What it took. */
    record Work(int filesRead, int filesWritten, long bytesWritten, long millis, int attempts) {}
}
