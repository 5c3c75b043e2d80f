package dev.wadi.file;

import dev.wadi.contract.EventShape;
import dev.wadi.engine.DuckDb;
import java.io.IOException;
import java.nio.file.Path;

/** Opens files of rows. Thread-safe. */
public final class RowFiles {
    private final DuckDb duckDb;

    public RowFiles(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /**
     * Looks at the file as a whole, then opens it. A CSV or NDJSON file is read through first, so that of one that is not whole
     * no row is taken.
     *
     * @param name what the file is called where it came from; its end tells what it is
     * @param shape of the events that its rows are
     * @throws UnreadableFileException when no row of it can be taken
     * @throws IOException when the disk fails: nothing is said about the file
     */
    public RowFile open(Path file, String name, EventShape shape, FileFormat format) throws IOException {
        FileKind set = format.kind();
        TextSource text = new TextSource(file, format.charset());
        return switch (set == null ? FileKind.of(name) : set) {
            case CSV -> {
                text.check(true);
                yield new CsvFile(text, shape, format);
            }
            case NDJSON -> {
                // a line that is not UTF-8 is refused alone
                text.check(false);
                yield new NdjsonFile(text);
            }
            case PARQUET -> ParquetFile.open(duckDb, file, shape, format);
        };
    }
}
