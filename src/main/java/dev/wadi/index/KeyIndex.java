package dev.wadi.index;

import dev.wadi.engine.FileScan;
import dev.wadi.engine.Longs;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the live row of each key of a table is, and at which sequence; and which keys are known to be deleted. For one thread
 * at a time.
 *
 * <p>Rows are numbered through: each file has the positions from its base on. Before an index is used it is moved to the
 * version in question: rows of files that are new are put in, and a row that is found counts only while its file is in the
 * version and no deletion vector marks it. So nothing is ever taken out, and a commit needs no word to the index: a row that
 * went is found dead, or its key has been put to a newer place.
 */
public final class KeyIndex {
    private static final long TOMBSTONE = KeyTable.POSITIONS - 1;

    private final DeltaTable table;
    private final KeyHash hash;
    private final KeyTable keys;
    private final Map<String, Rows> byPath = new HashMap<>();
    private final Set<String> tombstoneFiles = new HashSet<>();
    /** In the order of their bases. */
    private final List<Rows> files = new ArrayList<>();

    /** Guarded by the lock of the budget. */
    private long bytes;

    private long[] bases = new long[64];
    private long nextBase;
    private @Nullable Rows foundIn;
    private long foundPosition;
    private long foundRow;
    private long foundSequence;
    private boolean twice;

    /** The rows of a file of the version. */
    private static final class Rows {
        final long base;
        DataFile file;

        @Nullable
        DeletedRows deleted;

        boolean gone;

        Rows(DataFile file, long base) {
            this.file = file;
            this.base = base;
        }

        boolean live(long row) {
            DeletedRows marked = deleted;
            return !gone && (marked == null || !marked.contains(row));
        }
    }

    /** What {@link #look} found. */
    public enum Found {
        NOTHING,
        /** The live row; see {@link #file}, {@link #row}, {@link #sequence}. */
        ROW,
        /** The key was deleted at {@link #sequence}. */
        TOMBSTONE
    }

    /** Who says whether an index may take so many bytes instead of those it has. */
    interface Budget {
        boolean grants(KeyIndex index, long bytes);
    }

    KeyIndex(DeltaTable table, KeyHash hash, long expectedKeys, Budget budget) {
        this.table = table;
        this.hash = hash;
        this.keys = new KeyTable(expectedKeys, bytes -> budget.grants(this, bytes));
        this.bytes = KeyTable.bytesFor(expectedKeys);
    }

    /** What it may take outside the heap. */
    long bytes() {
        return bytes;
    }

    void grant(long granted) {
        bytes = granted;
    }

    public KeyHash hash() {
        return hash;
    }

    /** Whether a key has several live rows, as only another writer can have made it: then the index does not know all of them. */
    boolean knowsTooLittle() {
        return twice;
    }

    /** Keys in the index, those of rows that are gone included. */
    long size() {
        return keys.size();
    }

    /** Rows of the version in files that are not indexed yet. */
    long missing(TableSnapshot version) {
        return version.files().values().stream()
                .filter(file -> !byPath.containsKey(file.path()))
                .mapToLong(DataFile::rows)
                .sum();
    }

    /**
     * Brings the index to a version.
     *
     * @param tombstones locations of the Parquet files with the keys that are known to be deleted
     * @throws SQLException when a file cannot be read; then the index is of no use any more
     * @throws KeyTableFullException when it may not grow; then, too
     */
    void moveTo(Workspace workspace, TableSnapshot version, Collection<String> tombstones) throws SQLException {
        byPath.values().removeIf(rows -> {
            rows.gone = !version.files().containsKey(rows.file.path());
            return rows.gone;
        });
        List<Rows> fresh = new ArrayList<>();
        for (DataFile file : version.files().values()) {
            Rows known = byPath.get(file.path());
            if (known == null) {
                Rows rows = add(file);
                rows.deleted = file.vector() == null ? null : table.deleted(file);
                fresh.add(rows);
            } else if (!Objects.equals(known.file.vector(), file.vector())) {
                DeletedRows before = known.deleted;
                known.file = file;
                known.deleted = file.vector() == null ? null : table.deleted(file);
                if (before != null && (known.deleted == null || !known.deleted.containsAll(before))) {
                    fresh.add(known); // rows came back to life, as in a restore
                }
            }
        }
        putTombstones(workspace, tombstones);
        putRows(workspace, version, fresh);
    }

    private Rows add(DataFile file) {
        Rows rows = new Rows(file, nextBase);
        if (files.size() == bases.length) {
            bases = Arrays.copyOf(bases, bases.length * 2);
        }
        bases[files.size()] = nextBase;
        files.add(rows);
        byPath.put(file.path(), rows);
        nextBase += file.rows();
        if (nextBase >= TOMBSTONE) {
            throw new IllegalStateException("the index of " + table.name() + " has numbered all rows it can");
        }
        return rows;
    }

    private void putRows(Workspace workspace, TableSnapshot version, List<Rows> fresh) throws SQLException {
        List<Rows> filled = fresh.stream().filter(rows -> rows.file.rows() > 0).toList();
        if (filled.isEmpty()) {
            return;
        }
        FileScan scan = FileScan.live(
                table, version, filled.stream().map(rows -> rows.file).toList());
        scan.prepare(workspace, "indexed_files");
        String rows = scan.select(workspace.table("indexed_files"), hash.inputs(), true);
        long[] base = filled.stream().mapToLong(each -> each.base).toArray();
        Longs.read(
                workspace.session(),
                "SELECT %s, t.file_index, t.file_row_number FROM (%s) t".formatted(hash.columns("t"), rows),
                5,
                (values, count) -> {
                    for (int i = 0; i < count; i++) {
                        long position = base[(int) values[3][i]] + values[4][i];
                        if (look(values[0][i], values[1][i]) == Found.ROW && foundPosition != position) {
                            twice = true;
                        }
                        keys.put(values[0][i], values[1][i], position, values[2][i]);
                    }
                });
    }

    private void putTombstones(Workspace workspace, Collection<String> locations) throws SQLException {
        // A file that went may come back with a restore, when what it says has been put over.
        tombstoneFiles.retainAll(locations);
        List<String> fresh = locations.stream().filter(tombstoneFiles::add).toList();
        if (fresh.isEmpty()) {
            return;
        }
        String list = fresh.stream().map(Sql::text).collect(Collectors.joining(", "));
        Longs.read(
                workspace.session(),
                "SELECT %s FROM read_parquet([%s]) t".formatted(hash.columns("t"), list),
                3,
                (values, count) -> {
                    for (int i = 0; i < count; i++) {
                        Found found = look(values[0][i], values[1][i]);
                        if (found == Found.NOTHING || found == Found.TOMBSTONE && foundSequence < values[2][i]) {
                            keys.put(values[0][i], values[1][i], TOMBSTONE, values[2][i]);
                        }
                    }
                });
    }

    /** Looks for a key by its hashes. */
    public Found look(long first, long second) {
        long slot = keys.find(first, second);
        if (slot < 0) {
            return Found.NOTHING;
        }
        long position = keys.position(slot);
        foundPosition = position;
        foundSequence = keys.sequence(slot);
        if (position == TOMBSTONE) {
            return Found.TOMBSTONE;
        }
        int at = Arrays.binarySearch(bases, 0, files.size(), position);
        Rows rows = files.get(at >= 0 ? last(at) : -at - 2);
        foundRow = position - rows.base;
        foundIn = rows;
        return rows.live(foundRow) ? Found.ROW : Found.NOTHING;
    }

    /** Files without rows share the base of the next one. */
    private int last(int at) {
        int last = at;
        while (last + 1 < files.size() && bases[last + 1] == bases[at]) {
            last++;
        }
        return last;
    }

    /** The file of the row that was found last. */
    public DataFile file() {
        return Objects.requireNonNull(foundIn).file;
    }

    /** Number of the row in {@link #file}, from 0. */
    public long row() {
        return foundRow;
    }

    public long sequence() {
        return foundSequence;
    }
}
