package dev.wadi.table;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a commit does to the version it is based on.
 *
 * @param added new files
 * @param deleted rows to mark in files that stay or are added, by path; together with those marked already
 * @param removed paths of files that go
 * @param restored files of an older version that come back as they were in it; one that is in the base with other marks is
 *     in {@code removed} too
 * @param rearranges whether the rows of the table stay as they are: readers of changes skip such a commit
 * @param progress what a transform has read, recorded in the same commit; null for none
 * @param domains what the table is to remember from this version on, by domain (Delta's {@code domainMetadata}); an empty
 *     text forgets
 * @param note what the commit says about itself
 */
public record Change(
        List<NewFile> added,
        Map<String, DeletedRows> deleted,
        Collection<String> removed,
        Collection<DataFile> restored,
        boolean rearranges,
        @Nullable Progress progress,
        Map<String, String> domains,
        CommitNote note) {

    public Change {
        added = List.copyOf(added);
        deleted = Map.copyOf(deleted);
        removed = List.copyOf(removed);
        restored = List.copyOf(restored);
        domains = Map.copyOf(domains);
    }

    /** A change that brings nothing back. */
    public Change(
            List<NewFile> added,
            Map<String, DeletedRows> deleted,
            Collection<String> removed,
            boolean rearranges,
            @Nullable Progress progress,
            Map<String, String> domains,
            CommitNote note) {
        this(added, deleted, removed, List.of(), rearranges, progress, domains, note);
    }

    /**
     * A Parquet file that was written and synced and is in no version yet.
     *
     * @param path relative to the table's folder
     * @param partition physical column name to value as text
     * @param stats statistics as the JSON text of the Delta log
     * @param moved whether its rows were in the table before: a reader of changes skips it
     */
    public record NewFile(
            String path, Map<String, @Nullable String> partition, long bytes, long rows, String stats, boolean moved) {}

    /** How far a reader has got: Delta's {@code txn} action. */
    public record Progress(String reader, long version) {}
}
