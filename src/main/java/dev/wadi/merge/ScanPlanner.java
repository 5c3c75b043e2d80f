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
import java.util.stream.Collectors;

/**
 * Keeps the newest row of each key (SCD type 1), finding the live rows by a scan of the key columns and a join with the batch.
 *
 * <p>First the batch alone: {@code refusal} and {@code gone} (the deletes), and of the rows of one key all but the one that
 * would stand in the end get their {@code verdict}. Then, for a version: {@code hit} says for each key left where it is in
 * the table, or that it is known to be deleted, and how the sequences compare; {@code outcome} says what becomes of each row.
 */
final class ScanPlanner implements Planner {
    private final Batch batch;
    private final Contract contract;
    private final Workspace workspace;
    private final DeltaTable table;
    private final Checks checks;
    private final Sequence sequence;
    private boolean settled;

    ScanPlanner(Batch batch, DeltaTable table, Checks checks) {
        this.batch = batch;
        this.contract = batch.contract();
        this.workspace = batch.workspace();
        this.table = table;
        this.checks = checks;
        this.sequence = new Sequence(contract);
    }

    @Override
    public Plan plan(TableSnapshot base) throws SQLException {
        if (!settled) {
            settleWithinBatch();
            settled = true;
        }
        FileScan all = FileScan.live(table, base);
        Graveyard graveyard = Graveyard.of(base);
        find(base, all, graveyard);
        compareEqual(base, all);
        decide(graveyard);
        run("DELETE FROM {refusal} WHERE code = 0");
        run("INSERT INTO {refusal} SELECT __ord, 0 FROM {outcome} WHERE what = 'TIED'");
        Tally tally = tally();
        return new Plan(
                replaced(all),
                tally.rows(Verdict.INSERTED) + tally.rows(Verdict.UPDATED) == 0
                        ? null
                        : chosen(batch.output("b", base), "'INSERTED', 'UPDATED'"),
                tally.rows(Verdict.DELETED) + tally.rows(Verdict.BURIED) == 0
                        ? null
                        : chosen(
                                Batch.list("b", contract.primaryKey()) + ", " + sequence.list("b"),
                                "'DELETED', 'BURIED'"),
                null,
                tally,
                base.files().isEmpty()
                        ? "empty table"
                        : "keys found by scanning " + base.files().size() + " files");
    }

    private String chosen(String columns, String verdicts) {
        return sql("SELECT " + columns + " FROM {batch} b JOIN {outcome} o ON o.__ord = b.__ord WHERE o.what IN ("
                + verdicts + ")");
    }

    /** Of each key the greatest sequence stands, among equals the first to arrive. */
    private void settleWithinBatch() throws SQLException {
        run("CREATE OR REPLACE TABLE {refusal} AS SELECT * FROM (SELECT __ord, " + checks.code()
                + " AS code FROM {batch}) WHERE code <> 0");
        run("CREATE OR REPLACE TABLE {gone} AS SELECT __ord FROM {batch} WHERE " + checks.gone());
        run("CREATE OR REPLACE TABLE {verdict} AS SELECT __ord, if(code = " + Checks.TRUNCATES
                + ", 'TRUNCATES', 'REFUSED') AS what FROM {refusal}");
        String keys = Batch.list("b", contract.primaryKey());
        String candidates = "{batch} b WHERE b.__ord NOT IN (SELECT __ord FROM {verdict})";
        if (workspace.count(sql("SELECT count(*) - count(DISTINCT (" + keys + ")) FROM " + candidates)) == 0) {
            return;
        }
        run("CREATE OR REPLACE TABLE {ranked} AS SELECT b.__ord, row_number() OVER (PARTITION BY " + keys + " ORDER BY "
                + sequence.descending("b") + "b.__ord) AS place FROM " + candidates);
        run("INSERT INTO {verdict} SELECT l.__ord, CASE WHEN " + sequence.lower("l", "w") + " THEN 'STALE' WHEN "
                + same("l", "w") + " THEN 'DUPLICATE' ELSE 'TIED' END"
                + " FROM {ranked} rl JOIN {batch} l ON l.__ord = rl.__ord AND rl.place > 1"
                + " JOIN (SELECT b.* FROM {batch} b JOIN {ranked} rw ON rw.place = 1 AND rw.__ord = b.__ord) w ON "
                + Batch.equal("l", "w", contract.primaryKey()));
    }

    /** Whether two rows of the batch with one key and sequence say the same; of deletes nothing else counts. */
    private String same(String left, String right) {
        return contract.merging().deleteWhen() == null
                ? batch.sameContent(left, right)
                : "(%1$s = %2$s AND (%1$s OR %3$s))".formatted(gone(left), gone(right), batch.sameContent(left, right));
    }

    private String gone(String alias) {
        return contract.merging().deleteWhen() == null
                ? "false"
                : sql("(" + alias + ".__ord IN (SELECT __ord FROM {gone}))");
    }

    /**
     * {@code hit}: for each row whose key is in the table or was deleted, where (no file for a deleted key), and how the
     * sequences compare (1 greater, 0 equal, -1 lower).
     */
    private void find(TableSnapshot base, FileScan all, Graveyard graveyard) throws SQLException {
        Set<String> columns = new LinkedHashSet<>(contract.primaryKey());
        columns.addAll(contract.sequenceBy());
        all.prepare(workspace, "all_files");
        run(
                "CREATE OR REPLACE TABLE {hit} AS WITH found AS MATERIALIZED (SELECT b.__ord, t.file_index, t.file_row_number, "
                        + sequence.comparison("b", "t") + " AS compared FROM (" + all.selectAll(columns, true)
                        + ") t JOIN {batch} b ON " + Batch.equal("t", "b", contract.primaryKey())
                        + " WHERE b.__ord NOT IN (SELECT __ord FROM {verdict})) SELECT t.*, false AS same FROM found t"
                        + all.whereLive(workspace.table("all_files")));
        String tombstones = Tombstones.select(contract, base, graveyard);
        if (tombstones != null) {
            run("INSERT INTO {hit} SELECT b.__ord, NULL, NULL, " + sequence.comparison("b", "t") + ", false FROM ("
                    + tombstones + ") t JOIN {batch} b ON " + Batch.equal("t", "b", contract.primaryKey())
                    + " WHERE b.__ord NOT IN (SELECT __ord FROM {verdict}) AND b.__ord NOT IN (SELECT __ord FROM {hit})"
                    + " QUALIFY row_number() OVER (PARTITION BY b.__ord ORDER BY " + sequence.descending("t")
                    + "b.__ord) = 1");
        }
    }

    /** Only where the sequence is equal does the content decide, so only those files are read for it. */
    private void compareEqual(TableSnapshot base, FileScan all) throws SQLException {
        List<Integer> touched = new ArrayList<>();
        try (Statement statement = workspace.session().createStatement();
                ResultSet indexes = statement.executeQuery(
                        sql("SELECT DISTINCT file_index FROM {hit} WHERE compared = 0 AND file_index IS NOT NULL"
                                + " ORDER BY 1"))) {
            while (indexes.next()) {
                touched.add(indexes.getInt(1));
            }
        }
        if (touched.isEmpty()) {
            return;
        }
        FileScan some =
                FileScan.live(table, base, touched.stream().map(all::file).toList());
        some.prepare(workspace, "some_files");
        StringBuilder renumbered = new StringBuilder();
        for (int index = 0; index < touched.size(); index++) {
            renumbered.append(index == 0 ? "" : ", ").append("(" + touched.get(index) + ", " + index + ")");
        }
        List<String> content =
                contract.content().stream().map(column -> column.name()).toList();
        run("UPDATE {hit} SET same = true FROM (SELECT h.__ord FROM ("
                + some.select(workspace.table("some_files"), content, true) + ") t JOIN (VALUES " + renumbered
                + ") n(old_index, new_index) ON n.new_index = t.file_index JOIN {hit} h ON h.file_index = n.old_index"
                + " AND h.file_row_number = t.file_row_number AND h.compared = 0 JOIN {batch} b ON b.__ord = h.__ord"
                + " WHERE " + batch.sameContent("t", "b") + ") s WHERE s.__ord = {hit}.__ord");
    }

    private void decide(Graveyard graveyard) throws SQLException {
        String gone = gone("b");
        List<String> truncated = graveyard.truncated();
        String beforeTruncate =
                truncated == null ? "" : " WHEN " + sequence.lowerThan("b", truncated) + " THEN 'STALE'";
        String different = contract.whenMatched() == WhenMatched.REPLACE ? "'UPDATED'" : "'TIED'";
        run("CREATE OR REPLACE TABLE {outcome} AS SELECT b.__ord, coalesce(v.what, CASE" + beforeTruncate
                + " WHEN h.compared = -1 THEN 'STALE'"
                + " WHEN h.__ord IS NULL OR h.file_index IS NULL AND h.compared = 1 THEN if(" + gone
                + ", 'BURIED', 'INSERTED')"
                + " WHEN h.compared = 1 THEN if(" + gone + ", 'DELETED', 'UPDATED')"
                + " WHEN h.file_index IS NULL THEN if(" + gone + ", 'DUPLICATE', 'TIED')"
                + " WHEN " + gone + " THEN 'TIED'"
                + " WHEN h.same THEN 'DUPLICATE' ELSE " + different
                + " END) AS what FROM {batch} b LEFT JOIN {verdict} v ON v.__ord = b.__ord"
                + " LEFT JOIN (SELECT __ord, min(compared) AS compared, bool_or(same) AS same, any_value(file_index) AS file_index"
                + " FROM {hit} GROUP BY __ord) h ON h.__ord = b.__ord");
    }

    private Tally tally() throws SQLException {
        Tally tally = new Tally();
        try (Statement statement = workspace.session().createStatement();
                ResultSet counts = statement.executeQuery(sql("SELECT what, count(*) FROM {outcome} GROUP BY what"))) {
            while (counts.next()) {
                tally.add(Verdict.valueOf(counts.getString(1)), counts.getLong(2));
            }
        }
        return tally;
    }

    /** Another writer may have put a key in twice: all its rows go. */
    private Map<String, DeletedRows> replaced(FileScan all) throws SQLException {
        Map<String, DeletedRows> rows = new LinkedHashMap<>();
        try (Statement statement = workspace.session().createStatement();
                ResultSet updates = statement.executeQuery(sql("SELECT h.file_index, h.file_row_number FROM {hit} h"
                        + " JOIN {outcome} o ON o.__ord = h.__ord WHERE h.file_index IS NOT NULL"
                        + " AND o.what IN ('UPDATED', 'DELETED') ORDER BY ALL"))) {
            while (updates.next()) {
                DataFile file = all.file(updates.getInt(1));
                rows.computeIfAbsent(file.path(), path -> table.deleted(file).copy())
                        .add(updates.getLong(2));
            }
        }
        return rows;
    }

    private void run(String sql) throws SQLException {
        workspace.execute(sql(sql));
    }

    /** {@code {name}} stands for the qualified name of a table of the workspace. */
    private String sql(String text) {
        return TABLES.stream()
                .reduce(text, (sql, name) -> sql.replace("{" + name + "}", workspace.table(name)), (a, b) -> b);
    }

    private static final Set<String> TABLES = java.util.stream.Stream.of(
                    "batch", "refusal", "gone", "verdict", "ranked", "hit", "outcome")
            .collect(Collectors.toSet());
}
