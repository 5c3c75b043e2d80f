package dev.wadi.table;

import dev.wadi.store.Store;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Gives Delta Kernel the files of a {@link Store}, so that no Hadoop file system is needed. */
final class KernelFiles implements FileIO {
    private static final Pattern LOG_ENTRY = Pattern.compile(".*/_delta_log/\\d{20}\\.json");

    private final Store store;
    /** Files that are left out of every listing: checkpoints that were not written to their end. */
    private final Set<String> hidden = ConcurrentHashMap.newKeySet();

    KernelFiles(Store store) {
        this.store = store;
    }

    private static String local(String path) {
        return path.startsWith("file:") ? Path.of(URI.create(path)).toString() : path;
    }

    static boolean isLogEntry(String path) {
        return LOG_ENTRY.matcher(path).matches();
    }

    /** Leaves a file out of every listing from now on. Returns false when it was left out before. */
    boolean hide(String path) {
        return hidden.add(path);
    }

    private static FileStatus status(Store.Entry entry) {
        return FileStatus.of(entry.path(), entry.bytes(), entry.modified());
    }

    /** Kernel's contract names FileNotFoundException. */
    private static FileNotFoundException notFound(NoSuchFileException e) {
        FileNotFoundException translated = new FileNotFoundException(e.getMessage());
        translated.initCause(e);
        return translated;
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
        List<Store.Entry> entries;
        try {
            entries = store.listFrom(local(path));
        } catch (NoSuchFileException e) {
            throw notFound(e);
        }
        for (Store.Entry entry : entries) {
            if (entry.bytes() == 0 && isLogEntry(entry.path())) {
                // Kernel would take it for a commit that did nothing, and build on it.
                throw TableErrors.damagedEntry(entry.path(), 0);
            }
        }
        Iterator<Store.Entry> each =
                entries.stream().filter(entry -> !hidden.contains(entry.path())).iterator();
        return new CloseableIterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public FileStatus next() {
                return status(each.next());
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public FileStatus getFileStatus(String path) throws IOException {
        try {
            return status(store.stat(local(path)));
        } catch (NoSuchFileException e) {
            throw notFound(e);
        }
    }

    @Override
    public String resolvePath(String path) {
        return Path.of(local(path)).toAbsolutePath().toString();
    }

    @Override
    public boolean mkdirs(String path) {
        return true; // folders come into being with their first file
    }

    @Override
    public boolean delete(String path) throws IOException {
        return store.delete(local(path));
    }

    @Override
    public Optional<String> getConf(String key) {
        return Optional.empty();
    }

    @Override
    public void copyFileAtomically(String source, String target, boolean overwrite) throws IOException {
        write(local(target), store.read(local(source)), overwrite);
    }

    private void write(String path, byte[] content, boolean overwrite) throws IOException {
        if (overwrite) {
            store.put(path, content);
        } else {
            store.putIfAbsent(path, content);
        }
    }

    @Override
    public InputFile newInputFile(String path, long size) {
        return new InputFile() {
            @Override
            public long length() throws IOException {
                return store.stat(local(path)).bytes();
            }

            @Override
            public String path() {
                return path;
            }

            @Override
            public SeekableInputStream newStream() throws IOException {
                try {
                    return new Bytes(store.read(local(path)));
                } catch (NoSuchFileException e) {
                    throw notFound(e);
                }
            }
        };
    }

    @Override
    public OutputFile newOutputFile(String path) {
        return new OutputFile() {
            @Override
            public String path() {
                return path;
            }

            @Override
            public PositionOutputStream create(boolean atomic) {
                return new Draft(local(path), !atomic);
            }

            @Override
            public void writeAtomically(CloseableIterator<String> lines, boolean overwrite) throws IOException {
                StringBuilder text = new StringBuilder();
                while (lines.hasNext()) {
                    text.append(lines.next()).append('\n');
                }
                write(local(path), text.toString().getBytes(StandardCharsets.UTF_8), overwrite);
            }
        };
    }

    /** Log entries, checksums and checkpoints are small: they are read whole. */
    private static final class Bytes extends SeekableInputStream {
        private final byte[] content;
        private int position;

        Bytes(byte[] content) {
            this.content = content;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void seek(long target) throws IOException {
            if (target < 0 || target > content.length) {
                throw new EOFException("position %d of %d bytes".formatted(target, content.length));
            }
            position = (int) target;
        }

        @Override
        public void readFully(byte[] into, int offset, int length) throws IOException {
            if (length > content.length - position) {
                throw new EOFException("%d bytes wanted at %d of %d".formatted(length, position, content.length));
            }
            System.arraycopy(content, position, into, offset, length);
            position += length;
        }

        @Override
        public int read() {
            return position < content.length ? content[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (position >= content.length) {
                return -1;
            }
            int count = Math.min(length, content.length - position);
            System.arraycopy(content, position, into, offset, count);
            position += count;
            return count;
        }
    }

    /** Collects a file and puts it in its place when closed. */
    private final class Draft extends PositionOutputStream {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final String path;
        private final boolean overwrite;
        private boolean closed;

        Draft(String path, boolean overwrite) {
            this.path = path;
            this.overwrite = overwrite;
        }

        @Override
        public long getPos() {
            return content.size();
        }

        @Override
        public void write(int value) {
            content.write(value);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            content.write(from, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                KernelFiles.this.write(path, content.toByteArray(), overwrite);
            }
        }
    }
}
