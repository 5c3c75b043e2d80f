package dev.wadi.table;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which versions of one table there were, by the files in its log, and which can still be read. */
final class TableHistory {
    private static final long CLOCKS_MILLIS = 5_000;

    private final TablePlace place;

    TableHistory(TablePlace place) {
        this.place = place;
    }

    /**
     * The number of the newest version that was committed at {@code time} or before.
     *
     * @throws NoSuchVersionException when all that are left are younger
     */
    long at(Instant time, TableSnapshot latest) {
        TableLog log = place.log();
        List<TableLog.Entry> entries = log.entries();
        Instant first = latest.committed();
        // Newest first: most ask for a time not long ago, and a commit may say another time than its file.
        for (int index = entries.size() - 1; index >= 0; index--) {
            Commit commit = commit(log, entries.get(index));
            if (commit != null
                    && commit.version() <= latest.version()
                    && !commit.timestamp().isAfter(time)) {
                return commit.version();
            }
            first = commit == null ? first : commit.timestamp();
        }
        throw noSuch(
                latest,
                "%s has no version that was committed at %s or before: the first that the log has is of %s"
                        .formatted(place.name(), time, first));
    }

    private @Nullable Commit commit(TableLog log, TableLog.Entry entry) {
        try {
            return log.commit(entry);
        } catch (IOException e) {
            throw new TableException(
                    "%s: the log entry %s cannot be read: %s. Restore it from a copy"
                            .formatted(place.name(), entry.path(), e.getMessage()),
                    e);
        }
    }

    /**
     * What was done to the table, newest first. A commit whose log entry was cleaned up is missing.
     *
     * @param offset commits to skip first
     */
    DeltaTable.History newestFirst(int limit, long offset) {
        TableLog log = place.log();
        List<TableLog.Entry> entries = log.entries();
        List<Commit> commits = new ArrayList<>();
        for (long index = entries.size() - 1 - offset; index >= 0 && commits.size() < limit; index--) {
            Commit commit = commit(log, entries.get((int) index));
            if (commit != null) {
                commits.add(commit);
            }
        }
        return new DeltaTable.History(commits, entries.size());
    }

    /** The commit that first named a file; empty when its log entry was cleaned up. */
    Optional<Commit> added(DataFile file) {
        TableLog log = place.log();
        List<TableLog.Entry> entries = log.entries();
        // a log entry is written after the file's own time; clocks of two machines may differ
        int first = 0;
        while (first < entries.size() && entries.get(first).timestamp() < file.modified() - CLOCKS_MILLIS) {
            first++;
        }
        try {
            for (TableLog.Entry entry : entries.subList(first, entries.size())) {
                boolean[] found = {false};
                log.scan(entry, action -> {
                    found[0] = action.path("add").path("path").asText().equals(file.path());
                    return !found[0];
                });
                if (found[0]) {
                    return Optional.ofNullable(commit(log, entry));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new TableException(
                    "%s: the log in %s/_delta_log cannot be read: %s".formatted(place.name(), place.folder(), e), e);
        }
    }

    /** @param latest the newest version */
    NoSuchVersionException noSuch(TableSnapshot latest, String problem) {
        return new NoSuchVersionException(problem, oldestReadable(), latest.version());
    }

    /** From which version on all can be read: the last that took out a file which is not there any more, else the log's first. */
    private long oldestReadable() {
        TableLog log = place.log();
        try {
            for (TableLog.Entry entry : log.entries().reversed()) {
                if (Vacuum.removesWhatIsGone(place, log, entry)) {
                    return entry.version();
                }
            }
            return log.oldest();
        } catch (IOException e) {
            throw new TableException(
                    "%s: the log in %s/_delta_log cannot be read: %s".formatted(place.name(), place.folder(), e), e);
        }
    }
}
