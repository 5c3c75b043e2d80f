package dev.wadi.file;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file that is being read. For one thread. */
public interface RowFile extends Closeable {
    /** Rows in a chunk. */
    int ROWS = 5_000;

    /** Bytes of events at which a chunk ends before it has so many rows. */
    int BYTES = 2 << 20;

    /** A row that is refused is kept to so many characters. */
    int SHOWN = 4_000;

    /**
     * The next rows; null at the end.
     *
     * @throws UnreadableFileException when the file turns out to be broken here
     * @throws IOException when the disk fails: nothing is said about the file
     */
    @Nullable
    Chunk next() throws IOException;
}
