package dev.wadi.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON being written, as bytes in UTF-8 that grow. For one thread. */
public final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[1 << 12];
    private int size;

    public int size() {
        return size;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets what was written, and keeps the room. */
    public void clear() {
        size = 0;
    }

    /** Takes JSON over as it is. */
    public void raw(byte[] from, int start, int length) {
        room(length);
        System.arraycopy(from, start, bytes, size, length);
        size += length;
    }

    /** Ends a line. */
    public void newLine() {
        ascii('\n');
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    /** Forgets what was written behind {@code mark}, which {@link #size} gave. */
    void back(int mark) {
        size = mark;
    }

    /** Whether the last byte is {@code c}. */
    boolean endsWith(char c) {
        return size > 0 && bytes[size - 1] == c;
    }

    void ascii(char c) {
        room(1);
        bytes[size++] = (byte) c;
    }

    void raw(byte[] text) {
        raw(text, 0, text.length);
    }

    /** As it is: {@code text} must be ASCII. */
    void ascii(CharSequence text) {
        int length = text.length();
        room(length);
        for (int i = 0; i < length; i++) {
            bytes[size + i] = (byte) text.charAt(i);
        }
        size += length;
    }

    /** In quotes. Half a surrogate pair is escaped, so that who reads it can refuse it. */
    void string(String text) {
        int length = text.length();
        // an escape takes six bytes for a character
        room(6 * length + 2);
        bytes[size++] = '"';
        unquoted(text, length);
        bytes[size++] = '"';
    }

    private void unquoted(String text, int length) {
        byte[] to = bytes;
        int at = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (c >= ' ' && c != '"' && c != '\\') {
                    to[at++] = (byte) c;
                } else {
                    at = escape(c, at);
                }
            } else if (c < 0x800) {
                to[at++] = (byte) (0xC0 | c >> 6);
                to[at++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                to[at++] = (byte) (0xE0 | c >> 12);
                to[at++] = (byte) (0x80 | c >> 6 & 0x3F);
                to[at++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                to[at++] = (byte) (0xF0 | point >> 18);
                to[at++] = (byte) (0x80 | point >> 12 & 0x3F);
                to[at++] = (byte) (0x80 | point >> 6 & 0x3F);
                to[at++] = (byte) (0x80 | point & 0x3F);
            } else {
                at = unicode(c, at);
            }
        }
        size = at;
    }

    private int escape(char c, int at) {
        char letter = switch (c) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
        };
        if (letter == 0) {
            return unicode(c, at);
        }
        bytes[at] = '\\';
        bytes[at + 1] = (byte) letter;
        return at + 2;
    }

    private int unicode(char c, int at) {
        bytes[at] = '\\';
        bytes[at + 1] = 'u';
        for (int i = 0; i < 4; i++) {
            bytes[at + 2 + i] = HEX[c >> 12 - 4 * i & 0xF];
        }
        return at + 6;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(size, more)));
        }
    }
}
