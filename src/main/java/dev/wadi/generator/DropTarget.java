package dev.wadi.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Files of rows, each put where Wadi looks for dropped files when it is complete. */
final class DropTarget implements Target {
    /** Puts a complete file under its name where it belongs. */
    interface Drop {
        void put(Path file, String name) throws IOException;
    }

    private final String name;
    private final Path workshop;
    private final Drop drop;
    private final String prefix;
    private final boolean parquet;
    private final List<String> columns;
    private final int fileRows;
    private FlatFile open;
    private int rows;
    private int files;

    /**
     * @param name what this is called
     * @param prefix of the files' names
     * @param fileRows the most that a file has
     */
    DropTarget(String name, SyntheticStream stream, String prefix, boolean parquet, int fileRows, Drop drop)
            throws IOException {
        this.name = name;
        this.workshop = Files.createTempDirectory("wadi-generate");
        this.drop = drop;
        this.prefix = prefix;
        this.parquet = parquet;
        this.columns = stream.columns();
        this.fileRows = fileRows;
        this.open = new FlatFile(path("csv"), columns);
    }

    /** Into {@code folder/<stream>/}: written beside it under a hidden name, then renamed. */
    static Drop folder(Path folder, SyntheticStream stream) throws IOException {
        Path place = Files.createDirectories(folder.resolve(stream.toString()));
        return (file, name) -> {
            Path hidden = place.resolve("." + name + ".part");
            Files.copy(file, hidden, StandardCopyOption.REPLACE_EXISTING);
            Files.move(hidden, place.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        };
    }

    private Path path(String extension) {
        return workshop.resolve("%s-%04d.%s".formatted(prefix, files, extension));
    }

    @Override
    public void send(String text) throws IOException {
        open.add(text);
        if (++rows == fileRows) {
            finish();
        }
    }

    @Override
    public void finish() throws IOException {
        if (rows == 0) {
            return;
        }
        open.close();
        Path csv = path("csv");
        Path done = csv;
        if (parquet) {
            done = path("parquet");
            open.toParquet(done);
        }
        drop.put(done, done.getFileName().toString());
        Files.deleteIfExists(done);
        Files.deleteIfExists(csv);
        files++;
        rows = 0;
        open = new FlatFile(path("csv"), columns);
    }

    @Override
    public void close() throws IOException {
        open.close();
        Files.deleteIfExists(path("csv"));
        Files.deleteIfExists(path("parquet"));
        Files.deleteIfExists(workshop);
    }

    @Override
    public String toString() {
        return name;
    }
}
