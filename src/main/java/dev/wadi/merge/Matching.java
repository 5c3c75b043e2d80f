package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for the live rows with the keys of a batch in one version of a table, and decides each row against what it finds.
 *
 * <p>Makes the table {@code outcome (__ord, what)} for every row of the batch, where {@code what} is inserted, updated, stale,
 * duplicate, tied or a reason for refusal.
 */
final class Matching {
    private final Batch batch;
    private final Contract contract;
    private final Workspace workspace;
    private final DeltaTable table;
    private final TableSnapshot base;
    private final String hit;

    Matching(Batch batch, DeltaTable table, TableSnapshot base) {
        this.batch = batch;
        this.contract = batch.contract();
        this.workspace = batch.workspace();
        this.table = table;
        this.base = base;
        this.hit = workspace.table("hit");
    }

    /** Finds, compares, decides. Returns for each file that holds replaced rows all its deleted rows, those of before included. */
    Map<String, DeletedRows> run() throws SQLException {
        FileScan all = FileScan.live(table, base);
        find(all);
        compareEqual(all);
        decide();
        return replaced(all);
    }

    /** {@code hit}: for each row whose key is in the table, where, and how the sequences compare (1 greater, 0 equal, -1 lower). */
    private void find(FileScan all) throws SQLException {
        Set<String> columns = new LinkedHashSet<>(contract.primaryKey());
        columns.addAll(contract.sequenceBy());
        String side = workspace.table("all_files");
        all.prepare(workspace, "all_files");
        workspace.execute(("CREATE OR REPLACE TABLE %s AS SELECT b.%s, t.file_index, t.file_row_number, %s AS compared,"
                        + " false AS same FROM (%s) t JOIN %s b ON %s"
                        + " WHERE b.%s NOT IN (SELECT %s FROM %s)")
                .formatted(
                        hit,
                        Batch.ORDER,
                        comparison(),
                        all.select(side, columns, true),
                        batch.table(),
                        Batch.equal("t", "b", contract.primaryKey()),
                        Batch.ORDER,
                        Batch.ORDER,
                        workspace.table("verdict")));
    }

    private String comparison() {
        return switch (contract.whenMatched()) {
            case KEEP_FIRST, REPLACE -> "0";
            case SEQUENCE -> {
                String mine = "row(" + Batch.list("b", contract.sequenceBy()) + ")";
                String theirs = "row(" + Batch.list("t", contract.sequenceBy()) + ")";
                yield "CASE WHEN %s > %s THEN 1 WHEN %s = %s THEN 0 ELSE -1 END".formatted(mine, theirs, mine, theirs);
            }
        };
    }

    /** Only where the sequence is equal does the content decide, so only those files are read for it. */
    private void compareEqual(FileScan all) throws SQLException {
        List<Integer> touched = new ArrayList<>();
        try (Statement statement = workspace.session().createStatement();
                ResultSet indexes = statement.executeQuery(
                        "SELECT DISTINCT file_index FROM %s WHERE compared = 0 ORDER BY 1".formatted(hit))) {
            while (indexes.next()) {
                touched.add(indexes.getInt(1));
            }
        }
        if (touched.isEmpty()) {
            return;
        }
        FileScan some =
                FileScan.live(table, base, touched.stream().map(all::file).toList());
        String side = workspace.table("some_files");
        some.prepare(workspace, "some_files");
        StringBuilder renumbered = new StringBuilder();
        for (int index = 0; index < touched.size(); index++) {
            renumbered
                    .append(index == 0 ? "" : ", ")
                    .append("(")
                    .append(touched.get(index))
                    .append(", ")
                    .append(index)
                    .append(")");
        }
        List<String> content =
                contract.content().stream().map(column -> column.name()).toList();
        workspace.execute(("UPDATE %1$s SET same = true FROM (SELECT h.%2$s AS ord FROM (%3$s) t"
                        + " JOIN (VALUES %4$s) n(old_index, new_index) ON n.new_index = t.file_index"
                        + " JOIN %1$s h ON h.file_index = n.old_index AND h.file_row_number = t.file_row_number AND h.compared = 0"
                        + " JOIN %5$s b ON b.%2$s = h.%2$s WHERE %6$s) s WHERE s.ord = %1$s.%2$s")
                .formatted(
                        hit,
                        Batch.ORDER,
                        some.select(side, content, true),
                        renumbered,
                        batch.table(),
                        batch.sameContent("t", "b")));
    }

    private void decide() throws SQLException {
        String different = contract.whenMatched() == WhenMatched.REPLACE ? "updated" : "tied";
        workspace.execute(
                ("CREATE OR REPLACE TABLE %s AS SELECT b.%s, coalesce(v.what, CASE WHEN h.%s IS NULL THEN 'inserted'"
                                + " WHEN h.compared = 1 THEN 'updated' WHEN h.compared = -1 THEN 'stale'"
                                + " WHEN h.same THEN 'duplicate' ELSE '%s' END) AS what, h.file_index, h.file_row_number"
                                + " FROM %s b LEFT JOIN %s v ON v.%s = b.%s LEFT JOIN %s h ON h.%s = b.%s")
                        .formatted(
                                workspace.table("outcome"),
                                Batch.ORDER,
                                Batch.ORDER,
                                different,
                                batch.table(),
                                workspace.table("verdict"),
                                Batch.ORDER,
                                Batch.ORDER,
                                hit,
                                Batch.ORDER,
                                Batch.ORDER));
    }

    private Map<String, DeletedRows> replaced(FileScan all) throws SQLException {
        Map<String, DeletedRows> rows = new LinkedHashMap<>();
        try (Statement statement = workspace.session().createStatement();
                ResultSet updates = statement.executeQuery(
                        "SELECT file_index, file_row_number FROM %s WHERE what = 'updated' ORDER BY ALL"
                                .formatted(workspace.table("outcome")))) {
            while (updates.next()) {
                DataFile file = all.file(updates.getInt(1));
                rows.computeIfAbsent(file.path(), path -> table.deleted(file).copy())
                        .add(updates.getLong(2));
            }
        }
        return rows;
    }
}
