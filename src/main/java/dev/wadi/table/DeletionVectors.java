package dev.wadi.table;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The deletion vectors of one table's files, in its folder and the latest in memory. Thread-safe. */
final class DeletionVectors {
    /** How many are kept in memory. */
    private static final int REMEMBERED = 4096;

    private final TablePlace place;
    private final Map<String, DeletedRows> known = Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DeletedRows> eldest) {
            return size() > REMEMBERED;
        }
    });

    DeletionVectors(TablePlace place) {
        this.place = place;
    }

    /**
     * The rows that are marked as deleted in a file; empty when it has no vector. Do not add to it: copy it.
     *
     * @param newest the newest version that is known, for what is said when the vector cannot be read; null for none
     */
    DeletedRows of(DataFile file, @Nullable TableSnapshot newest) {
        DeletionVector vector = file.vector();
        if (vector == null) {
            return new DeletedRows();
        }
        return known.computeIfAbsent(vector.id(), id -> {
            try {
                return KernelActions.read(place.engine(), place.folder(), vector);
            } catch (RuntimeException e) {
                throw TableErrors.vectorNotRead(
                        place.name(),
                        newest,
                        place.folder(),
                        file,
                        KernelActions.location(place.folder(), vector).orElse("(in the log)"),
                        e);
            }
        });
    }

    /** Writes vectors, by the path of their data file; null for none. */
    KernelActions.@Nullable VectorFile write(Map<String, DeletedRows> deleted) throws IOException {
        KernelActions.VectorFile file = KernelActions.vectors(deleted);
        if (file != null) {
            place.store().putIfAbsent(place.folder() + "/" + file.name(), file.content());
            file.byPath().forEach((path, vector) -> {
                DeletedRows rows = deleted.get(path);
                if (rows != null) {
                    known.put(vector.id(), rows);
                }
            });
        }
        return file;
    }
}
