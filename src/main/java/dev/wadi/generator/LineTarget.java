package dev.wadi.generator;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** NDJSON: an event a line, into a file or to whoever reads the output. */
final class LineTarget implements Target {
    private final OutputStream out;
    private final boolean owned;

    private LineTarget(OutputStream out, boolean owned) {
        this.out = new BufferedOutputStream(out, 1 << 18);
        this.owned = owned;
    }

    static LineTarget file(Path file) throws IOException {
        return new LineTarget(Files.newOutputStream(file), true);
    }

    static LineTarget of(OutputStream out) {
        return new LineTarget(out, false);
    }

    @Override
    public void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    @Override
    public void finish() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        if (owned) {
            out.close();
        }
    }

    @Override
    public String toString() {
        return "file";
    }
}
