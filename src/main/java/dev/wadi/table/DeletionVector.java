package dev.wadi.table;

import org.jspecify.annotations.Nullable;

/**
 * Where the deletion vector of a file is stored, as the Delta log has it.
 *
 * @param storage {@code u} (a file named by a UUID), {@code p} (an absolute path) or {@code i} (inline)
 * @param pathOrInline the encoded UUID, path or bytes
 * @param offset byte offset in the file; null when inline
 * @param sizeInBytes size of the serialised bitmap
 * @param cardinality number of deleted rows
 */
public record DeletionVector(
        String storage, String pathOrInline, @Nullable Integer offset, int sizeInBytes, long cardinality) {

    /** Tells one vector of a table from every other. */
    public String id() {
        return storage + pathOrInline + (offset == null ? "" : "@" + offset);
    }
}
