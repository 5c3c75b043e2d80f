package dev.wadi.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Tells whether bytes are UTF-8, as the standard has it: without overlong forms, surrogates and, here, zeros. */
public final class Utf8 {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private Utf8() {}

    /** Offset of the first byte in the range that is zero or does not continue UTF-8; -1 when there is none. */
    public static int firstInvalid(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            if (at + 8 <= end) {
                long word = (long) WORD.get(bytes, at);
                if ((word & HIGHS) == 0 && !hasZero(word)) {
                    at += 8;
                    continue;
                }
            }
            int length = sequence(bytes, at, end);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /** Length of the UTF-8 sequence at {@code at}; 0 when it is none. Bounds from table 3-7 of the Unicode standard. */
    private static int sequence(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xFF;
        if (first < 0x80) {
            return first == 0 ? 0 : 1;
        }
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (at + length > end) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** Whether one of the eight bytes is zero. */
    static boolean hasZero(long word) {
        return ((word - ONES) & ~word & HIGHS) != 0;
    }
}
