package dev.wadi.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a body and what one fast look at them tells.
 *
 * @param start where the text starts: behind a byte order mark
 * @param invalid offset of the first byte that is not UTF-8, or is zero; -1 when there is none. Jackson lets overlong
 *     forms and surrogates in UTF-8 pass, and takes zeros for UTF-16
 * @param escapes whether there is a backslash anywhere
 */
record BodyText(byte[] bytes, int start, int invalid, boolean escapes) {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long BACKSLASHES = 0x0101010101010101L * '\\';

    static BodyText of(byte[] bytes) {
        boolean mark =
                bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        int start = mark ? 3 : 0;
        return new BodyText(bytes, start, Utf8.firstInvalid(bytes, start, bytes.length), hasBackslash(bytes));
    }

    boolean isBlank() {
        return firstInk(start, bytes.length) == bytes.length;
    }

    /** The first byte in the range that is no JSON white space; {@code end} when there is none. */
    int firstInk(int from, int end) {
        int at = from;
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Behind the last byte in the range that is no JSON white space; {@code from} when there is none. */
    int lastInk(int from, int end) {
        int at = end;
        while (at > from && isSpace(bytes[at - 1])) {
            at--;
        }
        return at;
    }

    /** The end of the line that {@code from} is in: its line feed, or {@code bytes.length}. */
    int lineEnd(int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Line and column of a byte, from 1: {@code line 3, column 14}. Columns are bytes. */
    String place(int offset) {
        int line = 1;
        int lineStart = start;
        for (int at = start; at < offset; at++) {
            if (bytes[at] == '\n') {
                line++;
                lineStart = at + 1;
            }
        }
        return "line %d, column %d".formatted(line, offset - lineStart + 1);
    }

    String text(int from, int end) {
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static boolean hasBackslash(byte[] bytes) {
        int at = 0;
        for (; at + 8 <= bytes.length; at += 8) {
            if (Utf8.hasZero((long) WORD.get(bytes, at) ^ BACKSLASHES)) {
                return true;
            }
        }
        for (; at < bytes.length; at++) {
            if (bytes[at] == '\\') {
                return true;
            }
        }
        return false;
    }

    /**
     * Offset of the first escape in the range that is half a surrogate pair, such as {@code \}{@code ud800} alone; -1 when
     * there is none. Jackson lets it pass, DuckDB does not, and no UTF-8 can hold it. The range must be JSON.
     */
    int halfPair(int from, int end) {
        if (!escapes) {
            return -1;
        }
        int at = from;
        while (at < end) {
            if (bytes[at] != '\\') {
                at++;
            } else if (bytes[at + 1] != 'u') {
                at += 2;
            } else {
                char unit = unit(at);
                if (Character.isLowSurrogate(unit)) {
                    return at;
                }
                if (Character.isHighSurrogate(unit)) {
                    boolean paired = at + 12 <= end
                            && bytes[at + 6] == '\\'
                            && bytes[at + 7] == 'u'
                            && Character.isLowSurrogate(unit(at + 6));
                    if (!paired) {
                        return at;
                    }
                    at += 6;
                }
                at += 6;
            }
        }
        return -1;
    }

    private char unit(int escape) {
        int unit = 0;
        for (int i = 2; i < 6; i++) {
            unit = unit << 4 | Character.digit(bytes[escape + i], 16);
        }
        return (char) unit;
    }
}
