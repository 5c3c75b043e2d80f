package dev.wadi.api;

import io.micronaut.http.HttpStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Inflates gzip of any number of members, and stops at a limit: a small body can hold a thousand times its size. */
final class Gzip {
    private static final int STEP = 64 * 1024;

    private Gzip() {}

    /**
     * @param limit bytes of plain body that are allowed
     * @throws Problem 413 above {@code limit}, 429 when {@code ticket} finds no room, 400 when it is not whole gzip
     */
    static byte[] inflate(byte[] compressed, long limit, Admission.Ticket ticket) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(Math.min(compressed.length * 4, STEP));
        byte[] step = new byte[STEP];
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed), 8192)) {
            for (int n = in.read(step); n >= 0; n = in.read(step)) {
                plain.write(step, 0, n);
                if (plain.size() > limit) {
                    throw DoorProblems.tooLarge(limit);
                }
                if (!ticket.resize((long) compressed.length + plain.size())) {
                    throw DoorProblems.busy();
                }
            }
        } catch (EOFException e) {
            throw notGzip("it ends in the middle, after %d plain bytes".formatted(plain.size()));
        } catch (ZipException e) {
            throw notGzip(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        return plain.toByteArray();
    }

    private static Problem notGzip(String why) {
        return new Problem(
                HttpStatus.BAD_REQUEST,
                "Unreadable body",
                "Content-Encoding says gzip, but the body is not whole gzip: %s. Compress it again, or send it plain without Content-Encoding"
                        .formatted(why));
    }
}
