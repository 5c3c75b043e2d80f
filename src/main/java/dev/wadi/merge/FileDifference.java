package dev.wadi.merge;

import dev.wadi.engine.FileScan;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.FileChanges;
import dev.wadi.table.TableSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows that the files of a table lost and gained; a row that was only moved is in both. */
final class FileDifference {
    private final Part removed = new Part();
    private final Part added = new Part();

    /** Some rows of some files: all but those that are left out of each. */
    private static final class Part {
        private final List<DataFile> files = new ArrayList<>();
        private final Map<String, DeletedRows> without = new HashMap<>();

        void take(DataFile file, @Nullable DeletedRows leftOut) {
            files.add(file);
            if (leftOut != null && !leftOut.isEmpty()) {
                without.put(file.path(), leftOut);
            }
        }
    }

    /** What one commit did. @throws dev.wadi.table.NoSuchVersionException when files of it are gone */
    FileDifference(DeltaTable table, FileChanges files) {
        this(table, files.version() - 1, files.removed(), files.version(), files.added());
    }

    /** What became of {@code before}. @throws dev.wadi.table.NoSuchVersionException when files that it had are gone */
    static FileDifference between(DeltaTable table, TableSnapshot before, TableSnapshot after) {
        return new FileDifference(
                table,
                before.version(),
                others(before.files(), after.files()),
                after.version(),
                others(after.files(), before.files()));
    }

    private FileDifference(
            DeltaTable table, long from, Map<String, DataFile> lost, long to, Map<String, DataFile> gained) {
        table.require(from, lost.values());
        table.require(to, gained.values());
        lost.forEach((path, before) -> {
            DataFile after = gained.get(path);
            if (after == null) {
                removed.take(before, table.deleted(before));
            } else {
                remarked(after, table.deleted(before), table.deleted(after));
            }
        });
        gained.forEach((path, after) -> {
            if (!lost.containsKey(path)) {
                added.take(after, table.deleted(after));
            }
        });
    }

    /** The files that the others have not, or with other marks. */
    private static Map<String, DataFile> others(Map<String, DataFile> files, Map<String, DataFile> than) {
        Map<String, DataFile> others = new LinkedHashMap<>(files);
        others.values().removeIf(file -> {
            DataFile same = than.get(file.path());
            return same != null && Objects.equals(same.vector(), file.vector());
        });
        return others;
    }

    private void remarked(DataFile file, DeletedRows before, DeletedRows after) {
        DeletedRows marked = after.without(before);
        if (!marked.isEmpty()) {
            removed.take(file, marked.others(file.rows()));
        }
        DeletedRows unmarked = before.without(after);
        if (!unmarked.isEmpty()) {
            added.take(file, unmarked.others(file.rows()));
        }
    }

    /** The lost rows, with the columns of {@code shape}. */
    FileScan removed(TableSnapshot shape) {
        return FileScan.without(shape, removed.files, removed.without);
    }

    /** The gained rows, with the columns of {@code shape}. */
    FileScan added(TableSnapshot shape) {
        return FileScan.without(shape, added.files, added.without);
    }
}
