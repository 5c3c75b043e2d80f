package dev.wadi.index;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of the tables that are merged into most, within a budget of memory. Thread-safe; one table is used by one
 * thread at a time.
 *
 * <p>An index is built when the scans it would have saved have taken as long as building takes: so a table that is merged
 * into once in a while costs nothing, and a busy one at most twice what knowing the future would. When the budget is full,
 * the index that was not used for longest goes.
 */
public final class KeyIndexes {
    private static final Logger LOG = LoggerFactory.getLogger(KeyIndexes.class);
    private static final long KEYS_BUILT_A_SECOND = 3_000_000;
    /** Slots of rows that are gone are of no use; with so many times the live rows it is time to build anew. */
    private static final int MOST_GONE = 3;

    private static final Pattern BUDGET = Pattern.compile("(\\d{1,6})\\s*(KB|MB|GB)", Pattern.CASE_INSENSITIVE);

    private final long budget;
    private final Map<TableName, KeyIndex> indexes = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<TableName, Long> scannedNanos = new HashMap<>();

    /** @param budget bytes that all indexes together may take outside the heap; 0 for no index at all */
    public KeyIndexes(long budget) {
        this.budget = budget;
    }

    /**
     * Indexes within a budget with its unit, such as {@code 512MB}; {@code 0MB} for none.
     *
     * @throws IllegalArgumentException when it is no number of KB, MB or GB
     */
    public static KeyIndexes within(String budget) {
        Matcher parts = BUDGET.matcher(budget.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "WADI_INDEX_MEMORY is '%s', which is no amount of memory. Write a number and KB, MB or GB, such as 512MB"
                            .formatted(budget));
        }
        int shift = switch (parts.group(2).toUpperCase(Locale.ROOT)) {
            case "KB" -> 10;
            case "MB" -> 20;
            default -> 30;
        };
        return new KeyIndexes(Long.parseLong(parts.group(1)) << shift);
    }

    /**
     * The index of a table, moved to a version.
     *
     * @param tombstones see {@link KeyIndex#moveTo}
     * @return empty when the table has none: find its keys by a scan, and tell {@link #scanned}
     */
    public Optional<KeyIndex> at(
            Workspace workspace,
            Contract contract,
            DeltaTable table,
            TableSnapshot version,
            Collection<String> tombstones)
            throws SQLException {
        // A file of another writer need not say how many rows it has, and then they cannot be numbered.
        boolean counted = version.files().values().stream().allMatch(file -> file.rows() >= 0);
        if (!counted) {
            return Optional.empty();
        }
        long rows = version.rows();
        KeyIndex index = known(contract, table, rows);
        if (index == null) {
            return Optional.empty();
        }
        boolean done = false;
        try {
            long start = System.nanoTime();
            long before = index.size();
            index.moveTo(workspace, version, tombstones);
            if (index.size() - before > 1_000_000) {
                LOG.info(
                        "{} v{}: indexed {} keys in {} ms, {} MB",
                        table.name(),
                        version.version(),
                        index.size() - before,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                        index.bytes() >> 20);
            }
            if (index.knowsTooLittle()) {
                LOG.warn(
                        "{} v{}: another writer has put a key in twice; its rows are found by scans, and the next update leaves one",
                        table.name(),
                        version.version());
                return Optional.empty();
            }
            done = true;
            return Optional.of(index);
        } finally {
            if (!done) {
                drop(table.name());
            }
        }
    }

    private synchronized @Nullable KeyIndex known(Contract contract, DeltaTable table, long rows) {
        TableName name = table.name();
        KeyIndex index = indexes.get(name);
        if (index != null && index.size() > MOST_GONE * rows + 100_000) {
            drop(name);
            index = null;
        }
        long bytes = KeyTable.slotsFor(rows) * KeyTable.SLOT_BYTES;
        if (!KeyHash.fits(contract) || bytes > budget) {
            drop(name);
            return null;
        }
        if (index == null) {
            long building = TimeUnit.SECONDS.toNanos(1) * rows / KEYS_BUILT_A_SECOND;
            if (scannedNanos.getOrDefault(name, 0L) < building) {
                return null;
            }
            scannedNanos.remove(name);
            makeRoom(bytes);
            index = new KeyIndex(table, new KeyHash(contract), rows + rows / 16);
            indexes.put(name, index);
        } else {
            makeRoom(0);
        }
        return indexes.get(name);
    }

    private void makeRoom(long bytes) {
        long used = bytes + indexes.values().stream().mapToLong(KeyIndex::bytes).sum();
        for (Iterator<KeyIndex> eldest = indexes.values().iterator(); used > budget && eldest.hasNext(); ) {
            used -= eldest.next().bytes();
            eldest.remove();
        }
    }

    private synchronized void drop(TableName name) {
        indexes.remove(name);
    }

    /** Adds to what scans of a table have taken for want of an index. */
    public synchronized void scanned(TableName table, long nanos) {
        scannedNanos.merge(table, nanos, Long::sum);
    }

    /** Bytes outside the heap. */
    public synchronized long bytes() {
        return indexes.values().stream().mapToLong(KeyIndex::bytes).sum();
    }
}
