package dev.wadi.table;

import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/** Row numbers of one Parquet file, from 0: those that a deletion vector marks. Not thread-safe while it is filled. */
public final class DeletedRows {
    private final RoaringBitmap rows;

    public DeletedRows() {
        this(new RoaringBitmap());
    }

    DeletedRows(RoaringBitmap rows) {
        this.rows = rows;
    }

    /** A copy that can be added to. */
    public DeletedRows copy() {
        return new DeletedRows(rows.clone());
    }

    /** @param row number of the row in its file; files of more than 2^31 rows are not written */
    public void add(long row) {
        rows.add(Math.toIntExact(row));
    }

    /** @param row number of the row in its file */
    public boolean contains(long row) {
        return rows.contains(Math.toIntExact(row));
    }

    public boolean containsAll(DeletedRows other) {
        return rows.contains(other.rows);
    }

    /** The rows that are in here and not in {@code others}. */
    public DeletedRows without(DeletedRows others) {
        return new DeletedRows(RoaringBitmap.andNot(rows, others.rows));
    }

    /** All rows of a file of so many that are not in here. */
    public DeletedRows others(long rowsOfFile) {
        return new DeletedRows(RoaringBitmap.flip(rows, 0L, rowsOfFile));
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The row numbers, ascending. */
    public int[] numbers() {
        return rows.toArray();
    }

    /** The greatest row number; -1 for none. */
    public long last() {
        return rows.isEmpty() ? -1 : rows.last();
    }

    public long count() {
        return rows.getLongCardinality();
    }

    /**
     * Sets the bit of each row in bytes that DuckDB casts to {@code BIT}, whose first bit is the leftmost.
     *
     * @param offset the bit that stands for row 0
     */
    public void setBits(byte[] bits, long offset) {
        for (IntIterator each = rows.getIntIterator(); each.hasNext(); ) {
            long bit = offset + each.next();
            bits[(int) (bit >> 3)] |= (byte) (0x80 >> (bit & 7));
        }
    }

    RoaringBitmap bitmap() {
        return rows;
    }
}
