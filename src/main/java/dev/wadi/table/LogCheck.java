package dev.wadi.table;

import dev.wadi.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks through the log of a table that could not be read, for what a writer that broke off has left there. */
final class LogCheck {
    private static final Logger LOG = LoggerFactory.getLogger(LogCheck.class);
    /** Every Parquet file begins and ends with it. */
    private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private final String log;
    private final Store store;
    private final KernelFiles files;

    LogCheck(String folder, Store store, KernelFiles files) {
        this.log = folder + "/_delta_log/";
        this.store = store;
        this.files = files;
    }

    /**
     * Leaves checkpoints that were not written to their end out of account: they only say again what the log entries say.
     *
     * @return whether there is a new one, so that it is worth reading the log once more
     */
    boolean hideTornCheckpoints() {
        boolean found = false;
        try {
            for (Store.Entry entry : entries()) {
                if (entry.path().contains(".checkpoint.")
                        && entry.path().endsWith(".parquet")
                        && !isParquet(store.read(entry.path()))
                        && files.hide(entry.path())) {
                    LOG.warn(
                            "The checkpoint {} is cut short; the log is read without it. Delete it: a later one takes its place",
                            entry.path());
                    found = true;
                }
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be looked through", log, e);
        }
        return found;
    }

    private static boolean isParquet(byte[] content) {
        return content.length > 2 * PARQUET.length
                && Arrays.equals(Arrays.copyOfRange(content, content.length - PARQUET.length, content.length), PARQUET);
    }

    /** The first log entry that is cut short; empty when that is not what is wrong. */
    Optional<Exception> damagedEntry(Exception cause) {
        try {
            for (Store.Entry entry : entries()) {
                if (KernelFiles.isLogEntry(entry.path()) && !isWhole(store.read(entry.path()))) {
                    IOException damaged = TableErrors.damagedEntry(entry.path(), entry.bytes());
                    damaged.addSuppressed(cause);
                    return Optional.of(damaged);
                }
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be looked through", log, e);
        }
        return Optional.empty();
    }

    /** Every line of an entry is a JSON object. */
    private static boolean isWhole(byte[] content) {
        return new String(content, StandardCharsets.UTF_8).stripTrailing().endsWith("}");
    }

    private List<Store.Entry> entries() throws IOException {
        return store.listFrom(log + "0");
    }
}
