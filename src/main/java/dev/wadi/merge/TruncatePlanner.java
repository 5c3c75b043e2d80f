package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes every row with a lower sequence than that of a truncate, and takes from the others the values that an event with a
 * lower one had set ({@link SparsePlanner}).
 */
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
        List<String> sparse =
                batch.contract().merging().ignoreNullUpdates().stream().sorted().toList();
        Set<String> needed = new LinkedHashSet<>(batch.contract().sequenceBy());
        sparse.forEach(column -> needed.add(Contract.sequenceOf(column)));
        String older = sequence.lowerThan("t", at);
        String robbed = sparse.stream()
                .map(column -> "coalesce(" + setBefore(sequence, column) + ", false)")
                .collect(Collectors.joining(" OR ", "(", ")"));
        String replacing = "SELECT t.file_index, t.file_row_number, %s AS older FROM (%s) t WHERE older%s"
                .formatted(
                        older,
                        all.select(workspace.table("all_files"), needed, true),
                        sparse.isEmpty() ? "" : " OR " + robbed);
        try (Statement statement = workspace.session().createStatement();
                ResultSet rows = statement.executeQuery(replacing)) {
            while (rows.next()) {
                DataFile file = all.file(rows.getInt(1));
                replaced.computeIfAbsent(
                                file.path(), path -> table.deleted(file).copy())
                        .add(rows.getLong(2));
                tally.add(rows.getBoolean(3) ? Verdict.DELETED : Verdict.UPDATED, 1);
            }
        }
        String left = tally.rows(Verdict.UPDATED) == 0
                ? null
                : "SELECT %s FROM (%s) t WHERE NOT %s AND %s"
                        .formatted(
                                base.columns().stream()
                                        .map(column -> left(column.name(), sparse, sequence))
                                        .collect(Collectors.joining(", ")),
                                all.select(
                                        workspace.table("all_files"),
                                        base.columns().stream()
                                                .map(TableColumn::name)
                                                .toList(),
                                        false),
                                older,
                                robbed);
        return new Plan(replaced, left, null, at, tally, "truncate");
    }

    private String setBefore(Sequence sequence, String column) {
        return sequence.valueLowerThan("t." + Sql.name(Contract.sequenceOf(column)), at);
    }

    /** What is left of a column in a row that stays. */
    private String left(String name, List<String> sparse, Sequence sequence) {
        return sparse.stream()
                .filter(column ->
                        column.equals(name) || Contract.sequenceOf(column).equals(name))
                .findFirst()
                .map(column -> "CASE WHEN %s THEN NULL ELSE t.%s END AS %2$s"
                        .formatted(setBefore(sequence, column), Sql.name(name)))
                .orElse("t." + Sql.name(name));
    }
}
