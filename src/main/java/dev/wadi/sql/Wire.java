package dev.wadi.sql;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** How values travel between this process and a cell. Nothing of it names a class, so a broken cell can only lie about values. */
final class Wire {
    /** Requests: read a statement; run a task. */
    static final int PARSE = 'P';

    static final int RUN = 'R';

    /** What a cell says first. */
    static final int READY = 'H';

    /** Answers: a parse tree; the columns, then rows, then the end; or a failure. */
    static final int TREE = 'J';

    static final int COLUMNS = 'C';
    static final int ROW = 'W';
    static final int END = 'E';
    static final int FAILURE = 'X';

    /** No text or list of bytes is longer. */
    private static final int LONGEST = 300_000_000;

    private Wire() {}

    static void text(DataOutputStream out, String text) throws IOException {
        bytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a length of " + length);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("%d bytes of %d".formatted(bytes.length, length));
        }
        return bytes;
    }

    static void value(DataOutputStream out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeByte('N');
            case Boolean truth -> {
                out.writeByte('B');
                out.writeBoolean(truth);
            }
            case Long number -> {
                out.writeByte('L');
                out.writeLong(number);
            }
            case Double number -> {
                out.writeByte('D');
                out.writeDouble(number);
            }
            case BigDecimal number -> {
                out.writeByte('M');
                text(out, number.toString());
            }
            case LocalDate day -> {
                out.writeByte('A');
                out.writeLong(day.toEpochDay());
            }
            case OffsetDateTime time -> {
                out.writeByte('T');
                out.writeLong(time.toEpochSecond());
                out.writeInt(time.getNano());
            }
            default -> {
                out.writeByte('S');
                text(out, value.toString());
            }
        }
    }

    static @Nullable Object value(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 'N' -> null;
            case 'B' -> in.readBoolean();
            case 'L' -> in.readLong();
            case 'D' -> in.readDouble();
            case 'M' -> new BigDecimal(text(in));
            case 'A' -> LocalDate.ofEpochDay(in.readLong());
            case 'T' -> Instant.ofEpochSecond(in.readLong(), in.readInt()).atOffset(ZoneOffset.UTC);
            case 'S' -> text(in);
            default -> throw new IOException("a value of kind " + kind);
        };
    }
}
