package dev.wadi.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Files under a root, named by absolute paths. What a call has written survives a power cut once the call returns.
 *
 * <p>The narrow promise the whole lake rests on is {@link #putIfAbsent}: of several writers of one path, one wins.
 */
public interface Store {

    /** A file as a listing has it; {@code modified} in milliseconds since the epoch. */
    record Entry(String path, long bytes, long modified) {}

    /** @throws java.nio.file.FileAlreadyExistsException when the path is taken; then nothing was changed */
    void putIfAbsent(String path, byte[] content) throws IOException;

    /** Creates or replaces the file at once: a reader sees the old content or the new, never a part. */
    void put(String path, byte[] content) throws IOException;

    /** @throws java.nio.file.NoSuchFileException when there is no such file */
    byte[] read(String path) throws IOException;

    /** @throws java.io.UncheckedIOException when the store cannot tell */
    boolean exists(String path);

    /** @throws java.nio.file.NoSuchFileException when there is no such file */
    Entry stat(String path) throws IOException;

    /**
     * The files in the folder of {@code path} whose names are not less than its name, in the order of their names.
     *
     * @throws java.nio.file.NoSuchFileException when there is no such folder
     */
    List<Entry> listFrom(String path) throws IOException;

    /** Makes sure that another program (DuckDB) can write files into the folder. */
    void createFolder(String path) throws IOException;

    /** Makes files that another program wrote (DuckDB) survive a power cut, their folders included. */
    void sync(Collection<String> paths) throws IOException;

    /** Returns whether there was a file to delete. */
    boolean delete(String path) throws IOException;

    /** All files below a folder, at any depth, hidden ones too; empty when there is no such folder. */
    List<Entry> files(String folder) throws IOException;

    /** The names of the folders directly inside a folder; empty when there is no such folder. */
    List<String> folders(String path) throws IOException;
}
