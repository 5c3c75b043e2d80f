package dev.wadi.proof;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Local files for Kernel, to read only. */
final class LocalFileIO implements FileIO {

    static Path path(String text) {
        return text.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text);
    }

    @Override
    public CloseableIterator<FileStatus> listFrom(String from) throws IOException {
        Path first = path(from);
        Path folder = first.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new FileNotFoundException(String.valueOf(folder));
        }
        String name = first.getFileName().toString();
        List<FileStatus> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String other = file.getFileName().toString();
                if (other.compareTo(name) >= 0 && !other.startsWith(".")) {
                    found.add(status(file));
                }
            }
        }
        return Utils.toCloseableIterator(found.iterator());
    }

    @Override
    public FileStatus getFileStatus(String path) throws IOException {
        if (!Files.exists(path(path))) {
            throw new FileNotFoundException(path);
        }
        return status(path(path));
    }

    private static FileStatus status(Path file) throws IOException {
        return FileStatus.of(
                file.toString(),
                Files.size(file),
                Files.getLastModifiedTime(file).toMillis());
    }

    @Override
    public String resolvePath(String path) {
        return path(path).toAbsolutePath().toString();
    }

    @Override
    public InputFile newInputFile(String path, long size) {
        return new InputFile() {
            @Override
            public long length() throws IOException {
                return Files.size(LocalFileIO.path(path));
            }

            @Override
            public String path() {
                return path;
            }

            @Override
            public SeekableInputStream newStream() throws IOException {
                return new LocalStream(LocalFileIO.path(path));
            }
        };
    }

    @Override
    public boolean mkdirs(String path) {
        throw readOnly();
    }

    @Override
    public OutputFile newOutputFile(String path) {
        throw readOnly();
    }

    @Override
    public boolean delete(String path) {
        throw readOnly();
    }

    @Override
    public void copyFileAtomically(String from, String to, boolean overwrite) {
        throw readOnly();
    }

    @Override
    public Optional<String> getConf(String key) {
        return Optional.empty();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("this reader never writes");
    }

    private static final class LocalStream extends SeekableInputStream {
        private final RandomAccessFile file;

        LocalStream(Path path) throws IOException {
            file = new RandomAccessFile(path.toFile(), "r");
        }

        @Override
        public long getPos() throws IOException {
            return file.getFilePointer();
        }

        @Override
        public void seek(long position) throws IOException {
            file.seek(position);
        }

        @Override
        public void readFully(byte[] bytes, int offset, int length) throws IOException {
            file.readFully(bytes, offset, length);
        }

        @Override
        public int read() throws IOException {
            return file.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return file.read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
