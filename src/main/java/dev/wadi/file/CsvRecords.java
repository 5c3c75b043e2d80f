package dev.wadi.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records off CSV (RFC 4180) in UTF-8, one by one: values in quotes may hold the delimiter, line feeds and doubled
 * quotes; a line ends with LF or CR LF; empty lines are passed.
 *
 * <p>A record that is not CSV costs its first line only: reading goes on in the next line, so that a quote which never closes
 * does not swallow the rest of the file. For one thread.
 */
final class CsvRecords implements Closeable {
    /** A record with more bytes has, rather, a quote that never closes. */
    static final int LONGEST = 1 << 20;

    private static final int QUOTE = '"';

    private final Window window;
    private final int delimiter;
    private final byte @Nullable [] nullText;
    /** From and to of each value, in bytes from the start of the record, and how it is written. */
    private int[] bounds = new int[64];

    private byte[] kinds = new byte[32];
    private static final byte PLAIN = 0;
    private static final byte QUOTED = 1;
    private static final byte QUOTED_WITH_QUOTES = 2;

    private int values;
    private long line = 1;
    private long feeds;
    private int length;
    private @Nullable String problem;
    private long started;
    private byte[] bytes;
    private int start;

    CsvRecords(Window window, char delimiter, @Nullable String nullText) {
        this.window = window;
        this.delimiter = delimiter;
        this.nullText = nullText == null ? null : nullText.getBytes(StandardCharsets.UTF_8);
        this.bytes = window.bytes;
    }

    /** Goes to the next record; false at the end. What the one before gave is void then. */
    boolean next() throws IOException {
        do {
            window.skip(length);
            length = 0;
            started = line;
            if (window.at(0) < 0) {
                return false;
            }
            read();
            bytes = window.bytes;
            start = window.start;
        } while (isBlank());
        return true;
    }

    private boolean isBlank() {
        return problem == null && values == 1 && kinds[0] == PLAIN && bounds[0] == bounds[1];
    }

    /** The line in which the record starts, from 1. */
    long line() {
        return started;
    }

    /** What is wrong with the record; null when nothing is. */
    @Nullable
    String problem() {
        return problem;
    }

    int size() {
        return values;
    }

    /** A value; null when it is empty and not quoted, or is the text that means null. */
    @Nullable
    String value(int number) {
        int from = start + bounds[2 * number];
        int to = start + bounds[2 * number + 1];
        byte kind = kinds[number];
        if (kind == PLAIN) {
            boolean isNull =
                    from == to || nullText != null && Arrays.equals(bytes, from, to, nullText, 0, nullText.length);
            return isNull ? null : new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return kind == QUOTED ? text : text.replace("\"\"", "\"");
    }

    /** The record as it stands in the file, without its line feed. */
    String text() {
        int end = start + length;
        while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    private void read() throws IOException {
        values = 0;
        feeds = 0;
        problem = null;
        int at = 0;
        while (true) {
            at = window.at(at) == QUOTE ? quoted(at + 1) : plain(at);
            if (problem != null) {
                firstLineOnly();
                return;
            }
            int c = window.at(at);
            if (c == delimiter) {
                at++;
                continue;
            }
            if (c == '\r') {
                at++;
            }
            // a line feed, or the end of the file
            length = window.at(at) < 0 ? at : at + 1;
            line += feeds + 1;
            return;
        }
    }

    /** Reads a value without quotes; returns where it ends. */
    private int plain(int from) throws IOException {
        int at = from;
        while (true) {
            byte[] in = window.bytes;
            int base = window.start;
            int end = window.end;
            int i = base + at;
            for (; i < end; i++) {
                byte b = in[i];
                if (b == delimiter || b == '\n') {
                    int last = b == '\n' && i > base + from && in[i - 1] == '\r' ? i - 1 : i;
                    add(from, last - base, PLAIN);
                    return last - base;
                }
            }
            at = i - base;
            if (at > LONGEST) {
                problem = "the record is longer than %d bytes".formatted(LONGEST);
                return at;
            }
            if (!window.more()) {
                boolean carriage = at > from && window.at(at - 1) == '\r';
                add(from, carriage ? at - 1 : at, PLAIN);
                return carriage ? at - 1 : at;
            }
        }
    }

    /** Reads a value behind its quote; returns where the next delimiter or line end is. */
    private int quoted(int from) throws IOException {
        byte kind = QUOTED;
        int at = from;
        while (true) {
            int c = at > LONGEST ? -1 : window.at(at);
            if (c < 0) {
                problem = "a quote opens here and does not close. Close it, or write a quote within quotes twice";
                return at;
            }
            if (c == '\n') {
                feeds++;
            } else if (c == QUOTE) {
                if (window.at(at + 1) != QUOTE) {
                    break;
                }
                kind = QUOTED_WITH_QUOTES;
                at++;
            }
            at++;
        }
        add(from, at, kind);
        int behind = window.at(at + 1);
        boolean ends = behind < 0
                || behind == delimiter
                || behind == '\n'
                || behind == '\r' && (window.at(at + 2) == '\n' || window.at(at + 2) < 0);
        if (!ends) {
            problem = "there is text behind a closing quote. Write a quote within quotes twice";
        }
        return at + 1;
    }

    /** The record is its first line; what follows is another. */
    private void firstLineOnly() throws IOException {
        int at = 0;
        int c = window.at(at);
        while (c >= 0 && c != '\n') {
            at++;
            c = window.at(at);
        }
        length = c < 0 ? at : at + 1;
        line++;
    }

    private void add(int from, int to, byte kind) {
        if (2 * values == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * bounds.length);
            kinds = Arrays.copyOf(kinds, 2 * kinds.length);
        }
        bounds[2 * values] = from;
        bounds[2 * values + 1] = to;
        kinds[values++] = kind;
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
