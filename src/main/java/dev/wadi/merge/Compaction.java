package dev.wadi.merge;

import dev.wadi.engine.FileScan;
import dev.wadi.engine.ParquetWriter;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.table.Change;
import dev.wadi.table.CommitConflictException;
import dev.wadi.table.CommitNote;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Hold;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.io.IOException;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.duckdb.DuckDBAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some files of one partition, written again as one, sorted by the key; those of a table of events in the order in which the
 * events came, because their ids are in no order and neighbours are alike.
 *
 * <p>The file is written while merges go on; only the commit takes the table's turn. Rows that merges marked as deleted in the
 * old files meanwhile are marked in the new one: the order of its rows is a total one, so where a row went can be computed.
 * When a merge removed one of the old files, the work was in vain and nothing happens.
 */
final class Compaction {
    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
    /** A conflict is another process's commit; each try costs one log entry. */
    private static final int MOST_ATTEMPTS = 20;

    private static final long WORTH_TIGHT_PACKING = 16L << 20;

    private final Merger merger;
    private final DeltaTable table;

    Compaction(Merger merger, DeltaTable table) {
        this.merger = merger;
        this.table = table;
    }

    /** @param added the new file; empty when no row of the old ones was alive */
    record Result(long version, Optional<Change.NewFile> added) {}

    /** One compaction under way. */
    record Work(
            Workspace workspace,
            FileScan scan,
            TableSnapshot base,
            List<DataFile> files,
            String order,
            Optional<Change.NewFile> written) {}

    /** Returns what came of it; empty when merges changed the files too much. */
    Optional<Result> run(TableSnapshot base, List<DataFile> files) {
        long start = System.nanoTime();
        try (Hold hold = table.hold(base);
                Workspace workspace = Workspace.open(merger.duckDb())) {
            Work work = write(workspace, base, files);
            Optional<Result> result = commit(work);
            result.ifPresentOrElse(
                    done -> LOG.info(
                            "{} v{} compacted: {} files into {} in {} ms",
                            table.name(),
                            done.version(),
                            files.size(),
                            done.added().isPresent() ? 1 : 0,
                            (System.nanoTime() - start) / 1_000_000),
                    () -> LOG.info("{} not compacted: merges changed the files meanwhile", table.name()));
            return result;
        } catch (SQLException | IOException e) {
            throw new MergeException(
                    "%s could not be compacted: %s. The table is as it was".formatted(table.name(), e.getMessage()), e);
        }
    }

    Work write(Workspace workspace, TableSnapshot base, List<DataFile> files) throws SQLException, IOException {
        FileScan scan = FileScan.live(table, base, files);
        scan.prepare(workspace, "old_files");
        String order = order(base);
        String select = scan.select(
                workspace.table("old_files"),
                base.columns().stream().map(TableColumn::name).toList(),
                true);
        Optional<Change.NewFile> written = scan.isEmpty()
                ? Optional.empty()
                : ParquetWriter.writeSorted(workspace.session(), select, order, base, files.getFirst(), packing(files));
        merger.lake()
                .store()
                .sync(written.stream()
                        .map(file ->
                                base.folder() + "/" + URI.create(file.path()).getPath())
                        .toList());
        return new Work(workspace, scan, base, files, order, written);
    }

    /** A small file is soon written again, with others. */
    private static ParquetWriter.Packing packing(List<DataFile> files) {
        return files.stream().mapToLong(DataFile::bytes).sum() >= WORTH_TIGHT_PACKING
                ? ParquetWriter.Packing.TIGHT
                : ParquetWriter.Packing.QUICK;
    }

    /** By the key or as the rows came, and so that no two rows are equal. */
    private String order(TableSnapshot base) {
        List<String> order = new ArrayList<>();
        merger.lake()
                .contract(base.table())
                .filter(contract -> contract.event() == null)
                .ifPresent(contract -> contract.primaryKey().stream()
                        .filter(key -> base.columns().stream()
                                .anyMatch(column -> column.name().equals(key)))
                        .forEach(key -> order.add(Sql.name(key))));
        order.add("file_index");
        order.add("file_row_number");
        return String.join(", ", order);
    }

    Optional<Result> commit(Work work) throws SQLException {
        boolean ordered = false;
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            if (!ordered && !since(work, table.latest()).orElse(Map.of()).isEmpty()) {
                // Takes as long as a sort: not while merges wait.
                positions(work);
                ordered = true;
            }
            boolean known = ordered;
            Attempt result = merger.exclusively(table.name(), "compaction", () -> attempt(work, known));
            switch (result) {
                case Attempt.Done done -> {
                    return Optional.of(new Result(done.version(), work.written()));
                }
                case Attempt.InVain vain -> {
                    return Optional.empty();
                }
                case Attempt.Again again -> LOG.debug("{}: once more, attempt {}", table.name(), attempt);
            }
        }
        return Optional.empty();
    }

    /** How one try to commit ended. */
    private sealed interface Attempt {
        record Done(long version) implements Attempt {}

        /** The old files are not all there any more. */
        record InVain() implements Attempt {}

        /** Another commit came first, or rows were marked and where they went is not known yet. */
        record Again() implements Attempt {}
    }

    private Attempt attempt(Work work, boolean ordered) throws SQLException, IOException {
        TableSnapshot newest = table.latest();
        Optional<Map<Integer, DeletedRows>> since = since(work, newest);
        if (since.isEmpty()) {
            return new Attempt.InVain();
        }
        if (!since.get().isEmpty() && !ordered) {
            return new Attempt.Again();
        }
        DeletedRows marks = since.get().isEmpty() ? new DeletedRows() : moved(work, since.get());
        try {
            TableSnapshot version = table.commit(newest, change(work, marks));
            return new Attempt.Done(version.version());
        } catch (CommitConflictException e) {
            LOG.debug("{}: {}", table.name(), e.getMessage());
            return new Attempt.Again();
        }
    }

    private static Change change(Work work, DeletedRows marks) {
        Map<String, DeletedRows> deleted = new HashMap<>();
        work.written().filter(file -> marks.count() > 0).ifPresent(file -> deleted.put(file.path(), marks));
        long before = work.files().stream().mapToLong(DataFile::bytes).sum();
        return new Change(
                work.written().stream().toList(),
                deleted,
                work.files().stream().map(DataFile::path).toList(),
                true,
                null,
                Map.of(),
                new CommitNote("OPTIMIZE", Map.of("clusterBy", work.order()), Map.of())
                        .with("numRemovedFiles", work.files().size())
                        .with("numRemovedBytes", before)
                        .with("numAddedFiles", work.written().isPresent() ? 1 : 0)
                        .with(
                                "numAddedBytes",
                                work.written().map(Change.NewFile::bytes).orElse(0L))
                        .with(
                                "numDeletionVectorsRemoved",
                                work.files().stream()
                                        .filter(file -> file.vector() != null)
                                        .count())
                        .with("numRowsMarkedMeanwhile", marks.count()));
    }

    /** Rows of the old files that were marked since they were read, by the file's number; empty when one is gone. */
    private Optional<Map<Integer, DeletedRows>> since(Work work, TableSnapshot newest) {
        Map<Integer, DeletedRows> since = new HashMap<>();
        for (DataFile old : work.files()) {
            DataFile now = newest.files().get(old.path());
            if (now == null) {
                return Optional.empty();
            }
            if (!Objects.equals(now.vector(), old.vector())) {
                DeletedRows before = table.deleted(old);
                DeletedRows after = table.deleted(now);
                if (before.without(after).count() > 0) {
                    return Optional.empty(); // a restore took marks back
                }
                DeletedRows marked = after.without(before);
                if (marked.count() > 0) {
                    since.put(work.scan().index(old), marked);
                }
            }
        }
        return Optional.of(since);
    }

    /** Computes where each row went: the order is total, so sorting again gives the rows the numbers that they have. */
    private void positions(Work work) throws SQLException {
        List<String> keys = new ArrayList<>(work.base().columns().stream()
                .map(TableColumn::name)
                .filter(name -> work.order().contains(Sql.name(name)))
                .toList());
        String select = work.scan().select(work.workspace().table("old_files"), keys, true);
        work.workspace()
                .execute(("CREATE TABLE %s AS SELECT file_index, file_row_number,"
                                + " row_number() OVER (ORDER BY %s) - 1 AS position FROM (%s)")
                        .formatted(work.workspace().table("positions"), work.order(), select));
    }

    private static DeletedRows moved(Work work, Map<Integer, DeletedRows> since) throws SQLException {
        Workspace workspace = work.workspace();
        workspace.execute("CREATE OR REPLACE TABLE %s (file_index BIGINT, file_row_number BIGINT)"
                .formatted(workspace.table("marked")));
        try (DuckDBAppender appender = workspace.appender("marked")) {
            for (Map.Entry<Integer, DeletedRows> file : since.entrySet()) {
                for (long row : file.getValue().numbers()) {
                    appender.beginRow();
                    appender.append(file.getKey().longValue());
                    appender.append(row);
                    appender.endRow();
                }
            }
        }
        DeletedRows moved = new DeletedRows();
        try (Statement statement = workspace.session().createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT p.position FROM %s m JOIN %s p USING (file_index, file_row_number)"
                                .formatted(workspace.table("marked"), workspace.table("positions")))) {
            while (rows.next()) {
                moved.add(rows.getLong(1));
            }
        }
        return moved;
    }
}
