package dev.wadi.file;

import dev.wadi.event.Utf8;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A file of text as UTF-8, whether it is packed by gzip, has a byte order mark or is written in another charset. */
final class TextSource {
    private static final int BLOCK = 1 << 18;

    private final Path file;
    private final Charset charset;

    TextSource(Path file, Charset charset) {
        this.file = file;
        this.charset = charset;
    }

    /** The text from its start, behind a byte order mark. The caller closes it. */
    InputStream open() throws IOException {
        InputStream plain = new BufferedInputStream(Files.newInputStream(file), BLOCK);
        try {
            InputStream unpacked =
                    isGzip(plain) ? new BufferedInputStream(new GZIPInputStream(plain, BLOCK), BLOCK) : plain;
            return behindMark(unpacked);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == 0x1F && in.read() == 0x8B;
        in.reset();
        return gzip;
    }

    private InputStream behindMark(InputStream in) throws IOException {
        in.mark(3);
        byte[] head = in.readNBytes(3);
        in.reset();
        int first = head.length < 2 ? 0 : (head[0] & 0xFF) << 8 | head[1] & 0xFF;
        if (first == 0xFEFF || first == 0xFFFE) {
            // this charset reads the mark itself
            return new Recoded(in, StandardCharsets.UTF_16);
        }
        if (head.length == 3 && first == 0xEFBB && head[2] == (byte) 0xBF) {
            in.skipNBytes(3);
            return in;
        }
        return charset.equals(StandardCharsets.UTF_8) ? in : new Recoded(in, charset);
    }

    /**
     * Reads all of it once.
     *
     * @param utf8 whether each byte must be UTF-8
     * @throws UnreadableFileException when it is not whole
     */
    void check(boolean utf8) throws IOException {
        long line = 1;
        byte[] block = new byte[BLOCK];
        int kept = 0;
        try (InputStream in = open()) {
            while (true) {
                int read = in.readNBytes(block, kept, BLOCK - kept);
                int end = kept + read;
                boolean last = end < BLOCK;
                int invalid = utf8 ? Utf8.firstInvalid(block, 0, end) : -1;
                // a character may be cut in two by the end of the block
                boolean cut = invalid >= 0 && !last && end - invalid < 4;
                if (invalid >= 0 && !cut) {
                    throw new UnreadableFileException(
                            "The file is not UTF-8: line %d has the byte 0x%02X. Save it as UTF-8, or name its charset in the route, such as charset=ISO-8859-1."
                                    .formatted(line + feeds(block, invalid), block[invalid] & 0xFF));
                }
                if (last) {
                    return;
                }
                int done = cut ? invalid : end;
                line += feeds(block, done);
                kept = end - done;
                System.arraycopy(block, done, block, 0, kept);
            }
        } catch (CharacterCodingException e) {
            throw new UnreadableFileException(
                    "The file is not written in %s, near line %d. Name its charset in the route, such as charset=ISO-8859-1."
                            .formatted(charset, line),
                    e);
        } catch (EOFException | ZipException e) {
            throw new UnreadableFileException(
                    "The file is not a whole gzip file: %s, behind line %d. Pack it and drop it again."
                            .formatted(e.getMessage(), line),
                    e);
        }
    }

    private static int feeds(byte[] block, int end) {
        int feeds = 0;
        for (int i = 0; i < end; i++) {
            if (block[i] == '\n') {
                feeds++;
            }
        }
        return feeds;
    }
}
