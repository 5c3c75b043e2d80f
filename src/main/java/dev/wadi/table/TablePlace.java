package dev.wadi.table;

import dev.wadi.contract.TableName;
import dev.wadi.store.Store;
import io.delta.kernel.engine.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Where a table is, and the means to read and write there.
 *
 * @param folder an absolute path
 */
record TablePlace(TableName name, String folder, Store store, Engine engine) {
    /** The log entry of a version. */
    String logEntry(long version) {
        return "%s/_delta_log/%020d.json".formatted(folder, version);
    }

    /** Whether there is a table. */
    boolean exists() {
        return stored(logEntry(0)) || stored(folder + "/_delta_log/_last_checkpoint");
    }

    /** Whether a file is there; {@code path} is absolute, or relative to the folder. */
    boolean has(String path) {
        return stored(path.startsWith("/") ? path : folder + "/" + path);
    }

    boolean hasEntry(long version) {
        return stored(logEntry(version));
    }

    private boolean stored(String path) {
        try {
            return store.exists(path);
        } catch (UncheckedIOException e) {
            throw TableErrors.notLoaded(name, null, folder, e);
        }
    }

    /** Lists the log. */
    TableLog log() {
        try {
            return TableLog.list(store, folder);
        } catch (IOException e) {
            throw new TableException("%s: the log in %s/_delta_log cannot be listed: %s".formatted(name, folder, e), e);
        }
    }
}
