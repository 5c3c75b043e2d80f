package dev.wadi.table;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who reads which version of one table in this process. Thread-safe. */
final class Holds {
    private final Map<Object, Reader> held = new IdentityHashMap<>();

    /** Keeps the files of a version until the hold is closed. Some of them may be gone already. */
    Hold hold(TableSnapshot snapshot) {
        Object holder = new Object();
        synchronized (held) {
            held.put(holder, new Reader(snapshot));
        }
        return new Hold(() -> {
            synchronized (held) {
                held.remove(holder);
            }
        });
    }

    List<TableSnapshot> snapshots() {
        synchronized (held) {
            return held.values().stream().map(Reader::snapshot).toList();
        }
    }

    /** Something done to a file. */
    @FunctionalInterface
    interface Deletion {
        void run() throws IOException;
    }

    /**
     * Does what takes a file away, while nobody can begin to read it; returns false, and does nothing, when somebody reads it.
     *
     * @param path relative to the table's folder
     */
    boolean unlessRead(String path, Deletion deletion) throws IOException {
        synchronized (held) {
            for (Reader reader : held.values()) {
                if (reader.paths().contains(path)) {
                    return false;
                }
            }
            deletion.run();
            return true;
        }
    }

    /** Somebody who reads a version; the paths of its files are looked up when a vacuum first asks. */
    private static final class Reader {
        private final TableSnapshot snapshot;
        private @Nullable Set<String> paths;

        Reader(TableSnapshot snapshot) {
            this.snapshot = snapshot;
        }

        TableSnapshot snapshot() {
            return snapshot;
        }

        Set<String> paths() {
            Set<String> known = paths;
            if (known == null) {
                known = Vacuum.paths(snapshot);
                paths = known;
            }
            return known;
        }
    }
}
