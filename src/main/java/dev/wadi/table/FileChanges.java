package dev.wadi.table;

import java.time.Instant;
import java.util.Map;

/**
 * What one commit did to the files of its table. A file that is in both maps got other marks.
 *
 * @param committed when, as the log entry says, else when it was written
 * @param rows whether rows may have changed; a commit that only rearranges them (Delta's {@code dataChange: false}) says not
 * @param columns whether it may have changed the columns of the table
 * @param removed the files as they were before, by path. What the log does not say of them is empty or -1
 * @param added the files as they are since, by path
 */
public record FileChanges(
        long version,
        Instant committed,
        boolean rows,
        boolean columns,
        Map<String, DataFile> removed,
        Map<String, DataFile> added) {}
