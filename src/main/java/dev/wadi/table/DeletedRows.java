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

    public long count() {
        return rows.getLongCardinality();
    }

    /**
     * The rows as bytes that DuckDB casts to {@code BIT}: row 0 is the first bit from the left.
     *
     * @param length the rows in the file; the bits are filled up to a whole byte
     */
    public byte[] toBits(long length) {
        byte[] bits = new byte[Math.max(1, Math.toIntExact((length + 7) / 8))];
        for (IntIterator each = rows.getIntIterator(); each.hasNext(); ) {
            int row = each.next();
            bits[row >> 3] |= (byte) (0x80 >> (row & 7));
        }
        return bits;
    }

    RoaringBitmap bitmap() {
        return rows;
    }
}
