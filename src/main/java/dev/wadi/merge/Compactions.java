package dev.wadi.merge;

import dev.wadi.contract.TableName;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.ParquetWriter;
import dev.wadi.engine.Workspace;
import dev.wadi.table.Change;
import dev.wadi.table.CommitConflictException;
import dev.wadi.table.CommitNote;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts small files together, so that a table that is written to all the time stays quick to search.
 *
 * <p>Files of one partition and of about one size are put together when there are {@link #TOGETHER} of them; the result is
 * of the next size. So a row is rewritten only as often as its file grows {@link #TOGETHER}-fold.
 */
public final class Compactions {
    private static final Logger LOG = LoggerFactory.getLogger(Compactions.class);
    private static final int TOGETHER = 16;
    /** Each file costs a search about a third of a millisecond. */
    private static final int MANY = 32;
    /** Files are large enough for good at this size. */
    private static final long LARGE = 128L << 20;
    /** Files below this size are all of one size. */
    private static final long SMALLEST = 64L << 10;

    private final Merger merger;

    Compactions(Merger merger) {
        this.merger = merger;
    }

    /** Whether so many files that {@link #compact} could put together are there that merges of a busy table suffer. */
    public boolean urgent(TableName table) {
        return candidates(merger.lake().table(table).latest(), MANY).isPresent();
    }

    /**
     * Puts together the files of one size and partition, if there are enough. Merges of this process wait meanwhile; when
     * another process commits first, nothing happens.
     *
     * @return whether there was something to do
     */
    public boolean compact(TableName name) {
        return merger.exclusively(name, "compaction", () -> {
            DeltaTable table = merger.lake().table(name);
            TableSnapshot base = table.latest();
            Optional<List<DataFile>> files = candidates(base, TOGETHER);
            if (files.isEmpty()) {
                return false;
            }
            try {
                compact(table, base, files.get());
            } catch (CommitConflictException e) {
                LOG.debug("{} was not compacted", name, e);
            }
            return true;
        });
    }

    private static Optional<List<DataFile>> candidates(TableSnapshot snapshot, int least) {
        Map<List<Object>, List<DataFile>> alike = new HashMap<>();
        for (DataFile file : snapshot.files().values()) {
            if (file.bytes() < LARGE && file.rows() >= 0) {
                alike.computeIfAbsent(List.of(file.partition(), size(file.bytes())), kind -> new ArrayList<>())
                        .add(file);
            }
        }
        return alike.values().stream().filter(files -> files.size() >= least).findFirst();
    }

    /** 0 for the smallest, one more for each {@link #TOGETHER}-fold. */
    private static int size(long bytes) {
        int size = 0;
        for (long left = bytes / SMALLEST; left > 0; left /= TOGETHER) {
            size++;
        }
        return size;
    }

    private void compact(DeltaTable table, TableSnapshot base, List<DataFile> files)
            throws SQLException, IOException, CommitConflictException {
        long start = System.nanoTime();
        try (Workspace workspace = Workspace.open(merger.duckDb())) {
            FileScan scan = FileScan.live(table, base, files);
            String side = workspace.table("old_files");
            scan.prepare(workspace, "old_files");
            Collection<String> columns =
                    base.columns().stream().map(TableColumn::name).toList();
            List<Change.NewFile> written =
                    ParquetWriter.write(workspace.session(), scan.select(side, columns, false), base, true);
            merger.lake()
                    .store()
                    .sync(written.stream()
                            .map(file -> base.folder() + "/"
                                    + URI.create(file.path()).getPath())
                            .toList());
            TableSnapshot version = table.commit(
                    base,
                    new Change(
                            written,
                            Map.of(),
                            files.stream().map(DataFile::path).toList(),
                            true,
                            null,
                            Map.of(),
                            new CommitNote("OPTIMIZE")
                                    .with("numRemovedFiles", files.size())
                                    .with("numAddedFiles", written.size())));
            LOG.info(
                    "{} v{} compacted: {} files into {} in {} ms",
                    table.name(),
                    version.version(),
                    files.size(),
                    written.size(),
                    (System.nanoTime() - start) / 1_000_000);
        }
    }
}
