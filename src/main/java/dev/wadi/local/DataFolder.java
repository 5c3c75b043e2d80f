package dev.wadi.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The data folder, held by one process at a time. Two would open the same broker store, and the second would take the
 * first one's PostgreSQL for one left over from a crash. The operating system lets go of the lock with the process,
 * however it ends.
 */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws StartException when another process holds {@code path}, or nothing can be written there */
    static DataFolder hold(Path path) {
        Path file = path.resolve("wadi.lock");
        try {
            Files.createDirectories(path);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new StartException(
                        "The data folder %s is in use by a Wadi that runs already (process %s): stop that one, or set %s to another folder."
                                .formatted(path, Files.readString(file).strip(), Setting.DATA_DIR.variable()));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataFolder(path, channel, lock);
        } catch (IOException e) {
            throw new StartException(
                    "The data folder %s cannot be written (%s): make it writable, or set %s to another folder."
                            .formatted(path, e, Setting.DATA_DIR.variable()),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    Path postgres() {
        return path.resolve("postgres");
    }

    /** Where the binaries of PostgreSQL are unpacked; may be deleted between two runs. */
    Path postgresBinaries() {
        return path.resolve("postgres-binaries");
    }

    Path broker() {
        return path.resolve("broker");
    }

    Path azurite() {
        return path.resolve("azurite");
    }

    Path kafka() {
        return path.resolve("kafka");
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
