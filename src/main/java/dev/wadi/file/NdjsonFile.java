package dev.wadi.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** NDJSON: an object a line. The lines are passed on as they are; empty ones are passed over. */
final class NdjsonFile implements RowFile {
    /** A longer line is refused. */
    static final int LONGEST = 8 << 20;

    private final Window window;
    private final ChunkBuilder chunk = new ChunkBuilder("line");
    private long line;

    /** @throws UnreadableFileException when it starts like no object */
    NdjsonFile(TextSource source) throws IOException {
        window = new Window(source.open());
        int at = 0;
        while (isSpace(window.at(at)) && at < LONGEST) {
            at++;
        }
        int first = window.at(at);
        if (first != '{') {
            window.close();
            throw new UnreadableFileException(
                    first < 0
                            ? "The file is empty. Write a JSON object a line."
                            : first == '['
                                    ? "The file is a JSON array. Write a JSON object a line, without brackets and commas around them."
                                    : "The file does not start with a JSON object. Write a JSON object a line.");
        }
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    @Override
    public @Nullable Chunk next() throws IOException {
        while (!chunk.isFull()) {
            int length = lineLength();
            if (length < 0) {
                break;
            }
            line++;
            if (length > LONGEST) {
                chunk.unread(line, text(RowFile.SHOWN), "the line is longer than %d bytes".formatted(LONGEST));
                skipLine(length);
            } else {
                if (hasInk(length)) {
                    chunk.events().raw(window.bytes, window.start, length);
                    chunk.wrote(line);
                }
                window.skip(length + 1);
            }
        }
        return chunk.take();
    }

    /** How many bytes the line has without its line feed, more than {@link #LONGEST} when it is longer; -1 at the end of the file. */
    private int lineLength() throws IOException {
        int at = 0;
        while (true) {
            for (int i = window.start + at; i < window.end; i++) {
                if (window.bytes[i] == '\n') {
                    return i - window.start;
                }
            }
            at = window.end - window.start;
            if (at > LONGEST) {
                return at;
            }
            if (!window.more()) {
                return at == 0 ? -1 : at;
            }
        }
    }

    private boolean hasInk(int length) {
        for (int i = window.start; i < window.start + length; i++) {
            if (!isSpace(window.bytes[i])) {
                return true;
            }
        }
        return false;
    }

    private String text(int length) {
        return new String(window.bytes, window.start, length, StandardCharsets.UTF_8);
    }

    private void skipLine(int looked) throws IOException {
        window.skip(looked);
        int c = window.at(0);
        while (c >= 0 && c != '\n') {
            window.skip(1);
            c = window.at(0);
        }
        window.skip(c < 0 ? 0 : 1);
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
