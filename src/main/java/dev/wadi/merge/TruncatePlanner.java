package dev.wadi.merge;

import dev.wadi.engine.FileScan;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Deletes every row with a lower sequence than that of a truncate. */
final class TruncatePlanner implements Planner {
    private final Batch batch;
    private final DeltaTable table;
    private final List<String> at;

    TruncatePlanner(Batch batch, DeltaTable table, List<String> at) {
        this.batch = batch;
        this.table = table;
        this.at = at;
    }

    /** A plan without {@link Plan#truncated} does nothing: the table knows a truncate that is as new. */
    @Override
    public Plan plan(TableSnapshot base) throws SQLException {
        Workspace workspace = batch.workspace();
        Sequence sequence = new Sequence(batch.contract());
        Tally tally = new Tally();
        Map<String, DeletedRows> replaced = new LinkedHashMap<>();
        List<String> known = Graveyard.of(base).truncated();
        if (known != null && workspace.count("SELECT (" + sequence.ascending(known, at) + ")::BIGINT") == 0) {
            return new Plan(replaced, null, null, null, tally, "an older truncate");
        }
        FileScan all = FileScan.live(table, base);
        all.prepare(workspace, "all_files");
        String older = "SELECT t.file_index, t.file_row_number FROM (%s) t WHERE %s"
                .formatted(
                        all.select(
                                workspace.table("all_files"), batch.contract().sequenceBy(), true),
                        sequence.lowerThan("t", at));
        try (Statement statement = workspace.session().createStatement();
                ResultSet rows = statement.executeQuery(older)) {
            while (rows.next()) {
                DataFile file = all.file(rows.getInt(1));
                replaced.computeIfAbsent(
                                file.path(), path -> table.deleted(file).copy())
                        .add(rows.getLong(2));
                tally.add(Verdict.DELETED, 1);
            }
        }
        return new Plan(replaced, null, null, at, tally, "truncate");
    }
}
