package dev.wadi.merge;

import dev.wadi.table.DeletedRows;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a merge is going to do to one version of a table. Nothing is written yet.
 *
 * @param replaced for each file with rows that go, all its deleted rows, those of before included; by path
 * @param newRows a SELECT of the rows to write, with the table's columns; null for none
 * @param tombstones a SELECT of key and sequence columns of what is deleted; null for none
 * @param absorbed a SELECT of events that a history remembers though no row shows them; null for none
 * @param truncated the sequence of a truncate, each column as text; null when the merge is none
 * @param why how the rows were found, for people
 */
record Plan(
        Map<String, DeletedRows> replaced,
        @Nullable String newRows,
        @Nullable String tombstones,
        @Nullable String absorbed,
        @Nullable List<String> truncated,
        Tally tally,
        String why) {

    /** Of a table that keeps no history. */
    Plan(
            Map<String, DeletedRows> replaced,
            @Nullable String newRows,
            @Nullable String tombstones,
            @Nullable List<String> truncated,
            Tally tally,
            String why) {
        this(replaced, newRows, tombstones, null, truncated, tally, why);
    }
}
