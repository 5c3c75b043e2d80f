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
import java.util.List;
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
 * into once in a while costs nothing, and a busy one at most twice what knowing the future would. Of a large table it is
 * filled beside the merges, which go on scanning until it is done. When the budget is full, the index that was not used for
 * longest goes.
 */
public final class KeyIndexes {
    private static final Logger LOG = LoggerFactory.getLogger(KeyIndexes.class);
    private static final long KEYS_BUILT_A_SECOND = 3_000_000;
    /** Slots of rows that are gone are of no use; with so many times the live rows it is time to build anew. */
    private static final int MOST_GONE = 3;
    /** Rows from which on a merge would feel their being indexed: it takes two thirds of a second. */
    private static final long LARGE = 2_000_000;

    private static final Pattern BUDGET = Pattern.compile("(\\d{1,6})\\s*(KB|MB|GB)", Pattern.CASE_INSENSITIVE);

    private final long budget;
    private final long large;
    private final Map<TableName, KeyIndex> indexes = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<TableName, Long> scannedNanos = new HashMap<>();
    /** Those that somebody fills or moves to a version just now. */
    private final Map<TableName, KeyIndex> moving = new HashMap<>();
    /** Tables whose index found no memory to grow, with the rows they had. */
    private final Map<TableName, Long> tooLarge = new HashMap<>();

    /** @param budget bytes that all indexes together may take outside the heap; 0 for no index at all */
    public KeyIndexes(long budget) {
        this(budget, LARGE);
    }

    /** @param large so many rows, when they are most of what an index is to hold, are put in beside the merges */
    public KeyIndexes(long budget, long large) {
        this.budget = budget;
        this.large = large;
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
        KeyIndex index = taken(contract, table, version.rows());
        if (index == null) {
            return Optional.empty();
        }
        long missing = index.missing(version);
        if (missing >= large && missing > index.size()) {
            moveBeside(index, workspace, table.name(), version, List.copyOf(tombstones));
            return Optional.empty();
        }
        boolean done = false;
        try {
            move(index, workspace, table.name(), version, tombstones);
            if (index.knowsTooLittle()) {
                LOG.warn(
                        "{} v{}: another writer has put a key in twice; its rows are found by scans, and the next update leaves one",
                        table.name(),
                        version.version());
                return Optional.empty();
            }
            done = true;
            return Optional.of(index);
        } catch (KeyTableFullException | OutOfMemoryError e) {
            refused(table.name(), version, e);
            return Optional.empty();
        } finally {
            if (done) {
                ready(table.name(), index);
            } else {
                drop(table.name());
            }
        }
    }

    private static void move(
            KeyIndex index, Workspace workspace, TableName name, TableSnapshot version, Collection<String> tombstones)
            throws SQLException {
        long start = System.nanoTime();
        long before = index.size();
        index.moveTo(workspace, version, tombstones);
        if (index.size() - before >= LARGE) {
            LOG.info(
                    "{} v{}: indexed {} keys in {} ms, {} MB",
                    name,
                    version.version(),
                    index.size() - before,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                    index.bytes() >> 20);
        }
    }

    /** A merge after that finds it, and moves it on to its own version. */
    private void moveBeside(
            KeyIndex index, Workspace workspace, TableName name, TableSnapshot version, Collection<String> tombstones) {
        Thread.ofPlatform().name("index " + name).daemon().start(() -> {
            try (Workspace own = workspace.another()) {
                move(index, own, name, version, tombstones);
                ready(name, index);
            } catch (KeyTableFullException | OutOfMemoryError e) {
                refused(name, version, e);
                abandon(name, index);
            } catch (SQLException | RuntimeException e) {
                // As when the application stops, or the version was vacuumed: scans go on, and ask for another one.
                LOG.debug("{} v{}: could not be indexed", name, version.version(), e);
                abandon(name, index);
            }
        });
    }

    /**
     * An index that did not find the memory to grow. Where the table alone would fit, others were in the way, or the step was too
     * long: it is built anew when scans have taken as long as that takes. Else, and when the machine has no more, its keys are found
     * by scans until the next start, or until half of the rows are gone.
     */
    private synchronized void refused(TableName name, TableSnapshot version, Throwable e) {
        scannedNanos.remove(name);
        if (!(e instanceof OutOfMemoryError) && KeyTable.bytesFor(withRoom(version.rows())) <= budget) {
            LOG.info("{} v{}: its rows are found by scans for a while: {}", name, version.version(), e.getMessage());
            return;
        }
        tooLarge.put(name, version.rows());
        LOG.warn(
                "{} v{}: its {} rows are found by scans, since its key index does not grow: {}. Allow more by WADI_INDEX_MEMORY,"
                        + " about 48 bytes a row, and give Java twice that outside the heap (-XX:MaxDirectMemorySize)",
                name,
                version.version(),
                version.rows(),
                e.getMessage());
    }

    /**
     * The index of the table, or a new one when it is time to fill it; null when there is none. It is in nobody else's hands
     * until {@link #ready}.
     */
    private synchronized @Nullable KeyIndex taken(Contract contract, DeltaTable table, long rows) {
        TableName name = table.name();
        boolean fits = KeyTable.bytesFor(rows) <= budget && rows <= tooLarge.getOrDefault(name, Long.MAX_VALUE) / 2;
        if (!KeyHash.fits(contract) || !fits) {
            drop(name);
            return null;
        }
        if (moving.containsKey(name)) {
            return null;
        }
        KeyIndex index = indexes.remove(name);
        KeyHash hash = new KeyHash(contract);
        if (index != null && !index.hash().isAs(hash)) {
            index = null; // the contract has another order now
        }
        if (index == null || index.size() > MOST_GONE * rows + 100_000) {
            long filling = TimeUnit.SECONDS.toNanos(1) * rows / KEYS_BUILT_A_SECOND;
            if (scannedNanos.getOrDefault(name, 0L) < filling) {
                return null;
            }
            long keys = KeyTable.bytesFor(withRoom(rows)) <= budget ? withRoom(rows) : rows;
            if (!makeRoom(KeyTable.bytesFor(keys))) {
                return null;
            }
            tooLarge.remove(name);
            index = new KeyIndex(table, hash, keys, this::grants);
        }
        moving.put(name, index);
        return index;
    }

    /** Keys of a new index: some more than there are rows. */
    private static long withRoom(long rows) {
        return rows + rows / 16;
    }

    /** Unless it was dropped meanwhile. */
    private synchronized void ready(TableName name, KeyIndex index) {
        if (moving.remove(name, index)) {
            indexes.put(name, index);
            scannedNanos.remove(name);
        }
    }

    private synchronized void abandon(TableName name, KeyIndex index) {
        moving.remove(name, index);
    }

    private synchronized boolean grants(KeyIndex index, long bytes) {
        boolean granted = moving.containsValue(index) && makeRoom(bytes - index.bytes());
        if (granted) {
            index.grant(bytes);
        }
        return granted;
    }

    /** For so many bytes more indexes go that nobody uses just now; none when that is not enough. */
    private boolean makeRoom(long more) {
        long used = more + bytes(moving);
        if (used > budget) {
            return false;
        }
        used += bytes(indexes);
        for (Iterator<KeyIndex> eldest = indexes.values().iterator(); used > budget && eldest.hasNext(); ) {
            used -= eldest.next().bytes();
            eldest.remove();
        }
        return true;
    }

    private synchronized void drop(TableName name) {
        indexes.remove(name);
        moving.remove(name);
    }

    /** Adds to what scans of a table have taken for want of an index. */
    public synchronized void scanned(TableName table, long nanos) {
        scannedNanos.merge(table, nanos, Long::sum);
    }

    /** Bytes outside the heap. While an index grows, what it had is there besides. */
    public synchronized long bytes() {
        return bytes(indexes) + bytes(moving);
    }

    private static long bytes(Map<TableName, KeyIndex> some) {
        return some.values().stream().mapToLong(KeyIndex::bytes).sum();
    }
}
