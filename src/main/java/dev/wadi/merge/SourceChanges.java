package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.NoSuchVersionException;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What became of a table since a transform last read it, as views of a workspace: {@code changes} has the rows that were
 * inserted or updated, as they are now; {@code replaced} has those that were there then and were updated or are gone, as they
 * were then (some of them may be the same now, where a file was written anew); {@code removed} has those of them whose key is
 * there no more. At the first run all rows are changes, and nothing was there.
 */
final class SourceChanges {
    private static final Pattern PAST = Pattern.compile("\\b(removed|replaced)\\b");

    private final Contract contract;
    private final DeltaTable table;
    private final TableSnapshot newest;
    private final List<String> columns;

    SourceChanges(Contract contract, DeltaTable table, TableSnapshot newest) {
        this.contract = contract;
        this.table = table;
        this.newest = newest;
        this.columns = newest.columns().stream().map(TableColumn::name).toList();
    }

    /** Whether a SELECT, without its comments, asks for rows as they were: they cost a look at the version before. */
    static boolean isPastAskedFor(String sql) {
        return PAST.matcher(sql).find();
    }

    /** For a transform that never ran. */
    void defineAll(Workspace workspace) throws SQLException {
        FileScan all = FileScan.live(table, newest);
        all.prepare(workspace, "changed_files");
        view(workspace, "changes", all.select(workspace.table("changed_files"), columns, false));
        view(workspace, "removed", "SELECT * FROM changes WHERE false");
        view(workspace, "replaced", "SELECT * FROM changes WHERE false");
    }

    /** @param done the version that was read last */
    void defineSince(Workspace workspace, long done) throws SQLException {
        view(workspace, "changes", changed(workspace, done));
    }

    /**
     * @param before gives the version that was read last
     * @throws MergeException when it, or what it had, cannot be read any more
     */
    void definePast(Workspace workspace, Supplier<TableSnapshot> before) throws SQLException {
        try {
            FileDifference difference = FileDifference.between(table, before.get(), newest);
            FileScan lost = difference.removed(newest);
            FileScan gained = difference.added(newest);
            lost.prepare(workspace, "lost_files");
            gained.prepare(workspace, "gained_files");
            List<String> identity = Transforms.identity(contract);
            view(workspace, "replaced", lost.select(workspace.table("lost_files"), columns, false));
            view(
                    workspace,
                    "removed",
                    "SELECT %s FROM replaced l ANTI JOIN (%s) g ON %s"
                            .formatted(
                                    Batch.list("l", columns),
                                    gained.select(workspace.table("gained_files"), identity, false),
                                    Batch.equal("l", "g", identity)));
        } catch (NoSuchVersionException e) {
            throw new MergeException(
                    ("what %s has lost since it was read last cannot be told: %s. Make the tables that follow from it anew:"
                                    + " ./wadi rebuild")
                            .formatted(newest.table(), e.getMessage()),
                    e);
        }
    }

    private static void view(Workspace workspace, String name, String select) throws SQLException {
        workspace.execute("CREATE VIEW " + name + " AS " + select);
    }

    /** Files are listed in the order of their versions, so the row with the greatest file number is a key's latest. */
    private String changed(Workspace workspace, long done) throws SQLException {
        SortedMap<Long, List<DataFile>> upserts = table.upserts(done, newest.version());
        List<DataFile> files = upserts.values().stream().flatMap(List::stream).toList();
        // With the rows marked that were so when the file was added: those of a restore were.
        FileScan scan = FileScan.live(table, newest, files);
        String side = workspace.table("changed_files");
        scan.prepare(workspace, "changed_files");
        boolean once = upserts.size() < 2 || contract.whenMatched() == WhenMatched.KEEP_FIRST;
        String rows = scan.select(side, columns, !once);
        return once
                ? rows
                : "SELECT %s FROM (%s) c QUALIFY row_number() OVER (PARTITION BY %s ORDER BY file_index DESC) = 1"
                        .formatted(Batch.list("c", columns), rows, Batch.list("c", Transforms.identity(contract)));
    }
}
