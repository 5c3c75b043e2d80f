package dev.wadi.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A piece of a stream of bytes: from where the reader is as far as it has looked. It grows while the reader looks ahead. */
final class Window implements Closeable {
    private static final int SIZE = 1 << 18;

    private final InputStream in;
    /** The bytes at hand are those from {@link #start} to {@link #end}. */
    byte[] bytes = new byte[SIZE];

    int start;
    int end;
    private boolean over;

    Window(InputStream in) {
        this.in = in;
    }

    /** Brings more bytes; those at hand may move to the front. False at the end of the stream. */
    boolean more() throws IOException {
        if (over) {
            return false;
        }
        if (end == bytes.length) {
            if (start > 0) {
                System.arraycopy(bytes, start, bytes, 0, end - start);
                end -= start;
                start = 0;
            } else {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
        }
        int read = in.read(bytes, end, bytes.length - end);
        if (read < 0) {
            over = true;
            return false;
        }
        end += read;
        return true;
    }

    /** The byte {@code offset} from where the reader is; -1 at the end of the stream. */
    int at(int offset) throws IOException {
        while (start + offset >= end) {
            if (!more()) {
                return -1;
            }
        }
        return bytes[start + offset] & 0xFF;
    }

    /** Goes on by {@code count} bytes, or to the end of those at hand. */
    void skip(int count) {
        start = Math.min(start + count, end);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
