package dev.wadi.table;

import io.delta.kernel.CommitRange;
import io.delta.kernel.CommitRangeBuilder;
import io.delta.kernel.TableManager;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** What the commits of one table did to its files; of the latest of this process it remembers what they brought. Thread-safe. */
final class TableChanges {
    /** How many of the latest versions' upserts are kept in memory for readers of changes. */
    private static final int REMEMBERED = 256;

    private final TablePlace place;
    private final NavigableMap<Long, List<DataFile>> upserts = new TreeMap<>();

    TableChanges(TablePlace place) {
        this.place = place;
    }

    /** @param brought the files that brought rows into the table in {@code version} */
    void remember(long version, List<DataFile> brought) {
        synchronized (upserts) {
            if (!upserts.isEmpty() && upserts.lastKey() != version - 1) {
                upserts.clear();
            }
            upserts.put(version, List.copyOf(brought));
            if (upserts.size() > REMEMBERED) {
                upserts.pollFirstEntry();
            }
        }
    }

    /**
     * The files that brought rows into the table after version {@code after}, up to and including {@code upTo}, by
     * version. A row that was updated in several of the versions is in several files.
     */
    NavigableMap<Long, List<DataFile>> upserts(long after, long upTo) {
        synchronized (upserts) {
            if (!upserts.isEmpty() && upserts.firstKey() <= after + 1 && upserts.lastKey() >= upTo) {
                return new TreeMap<>(upserts.subMap(after, false, upTo, true));
            }
        }
        try {
            return KernelActions.upserts(place.engine(), range(after + 1, upTo));
        } catch (IOException | RuntimeException e) {
            throw new TableException(
                    "%s: the changes of versions %d to %d cannot be read: %s. Log entries that old may have been cleaned up"
                            .formatted(place.name(), after + 1, upTo, e.getMessage()),
                    e);
        }
    }

    /**
     * What the commit of a version, whose log entry is there, did to the files. A removal may say too little to read the file,
     * for writers need not repeat what the version before has: then that version tells it.
     *
     * @param at gives a version
     */
    FileChanges of(long version, boolean partitioned, LongFunction<TableSnapshot> at) {
        FileChanges changes;
        try {
            changes = KernelActions.changes(place.engine(), range(version, version));
        } catch (IOException | RuntimeException e) {
            throw new TableException(
                    "%s: what version %d changed cannot be read from %s: %s. Restore the log entry from a copy"
                            .formatted(place.name(), version, place.logEntry(version), e.getMessage()),
                    e);
        }
        return changes.removed().values().stream().anyMatch(file -> isVague(file, partitioned))
                ? told(changes, at.apply(version - 1))
                : changes;
    }

    private CommitRange range(long first, long last) {
        return TableManager.loadCommitRange(place.folder(), CommitRangeBuilder.CommitBoundary.atVersion(first))
                .withEndBoundary(CommitRangeBuilder.CommitBoundary.atVersion(last))
                .build(place.engine());
    }

    private static boolean isVague(DataFile file, boolean partitioned) {
        return file.rows() < 0 && file.vector() != null
                || partitioned && file.partition().isEmpty();
    }

    private static FileChanges told(FileChanges changes, TableSnapshot before) {
        Map<String, DataFile> removed = new LinkedHashMap<>(changes.removed());
        removed.replaceAll((path, file) -> before.files().getOrDefault(path, file));
        return new FileChanges(
                changes.version(), changes.committed(), changes.rows(), changes.columns(), removed, changes.added());
    }
}
