package dev.wadi.merge;

import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the newest row of each key (SCD type 1), finding the live rows by a scan of the key columns and a join with the batch.
 *
 * <p>First the batch alone: of the rows of one key those of a lower sequence get their {@code verdict}; of those of the greatest
 * the first would stand in the end, and {@code follower} says what the others are beside it. Then, for a version: {@code hit}
 * says for each row left where its key is in the table, or that it is known to be deleted, and how the sequences compare;
 * {@code outcome} says what becomes of each row.
 */
final class ScanPlanner extends DraftPlanner {
    private final Workspace workspace;

    ScanPlanner(Batch batch, DeltaTable table, Checks checks) {
        super(batch, table, checks);
        this.workspace = batch.workspace();
    }

    @Override
    Plan plan(TableSnapshot base, FileScan all) throws SQLException {
        Graveyard graveyard = Graveyard.of(base);
        find(base, all, graveyard);
        compareEqual(base, all);
        decide(graveyard);
        Tally tally = draft.tally();
        return new Plan(
                // Another writer may have put a key in twice: all its rows go.
                draft.replaced(
                        table,
                        all,
                        "SELECT h.file_index, h.file_row_number FROM {hit} h JOIN {outcome} o ON o.__ord = h.__ord"
                                + " WHERE h.file_index IS NOT NULL AND o.what IN ('UPDATED', 'DELETED')"),
                tally.rows(Verdict.INSERTED) + tally.rows(Verdict.UPDATED) == 0
                        ? null
                        : chosen(batch.output("b", base), "'INSERTED', 'UPDATED'"),
                !ordered() || tally.rows(Verdict.DELETED) + tally.rows(Verdict.BURIED) == 0
                        ? null
                        : chosen(Batch.list("b", key) + ", " + sequence.list("b"), "'DELETED', 'BURIED'"),
                null,
                tally,
                byScanning(base, "keys"));
    }

    /** Without an order nothing can come late, and what was deleted need not be remembered. */
    private boolean ordered() {
        return contract.whenMatched() == WhenMatched.SEQUENCE;
    }

    private String chosen(String columns, String verdicts) {
        return draft.sql("SELECT " + columns + " FROM {batch} b JOIN {outcome} o ON o.__ord = b.__ord WHERE o.what IN ("
                + verdicts + ")");
    }

    /** Of each key the greatest sequence stands, among equals the first to arrive. */
    @Override
    void settleWithinBatch() throws SQLException {
        draft.run(
                "CREATE OR REPLACE TABLE {verdict} AS SELECT __ord, " + Draft.TURNED_AWAY + " AS what FROM {refusal}");
        draft.run("CREATE OR REPLACE TABLE {follower} AS SELECT * FROM {verdict} WHERE false");
        String keys = Batch.list("b", key);
        String candidates = "{batch} b WHERE b.__ord NOT IN (SELECT __ord FROM {verdict})";
        if (workspace.count(draft.sql("SELECT count(*) - count(DISTINCT (" + keys + ")) FROM " + candidates)) == 0) {
            return;
        }
        draft.run("CREATE OR REPLACE TABLE {ranked} AS SELECT b.__ord, row_number() OVER (PARTITION BY " + keys
                + " ORDER BY " + sequence.descending("b") + "b.__ord) AS place FROM " + candidates);
        draft.run("INSERT INTO {follower} SELECT l.__ord, CASE WHEN " + sequence.lower("l", "w") + " THEN 'STALE' WHEN "
                + same("l", "w") + " THEN 'DUPLICATE' ELSE 'TIED' END"
                + " FROM {ranked} rl JOIN {batch} l ON l.__ord = rl.__ord AND rl.place > 1"
                + " JOIN (SELECT b.* FROM {batch} b JOIN {ranked} rw ON rw.place = 1 AND rw.__ord = b.__ord) w ON "
                + Batch.equal("l", "w", key));
        draft.run("INSERT INTO {verdict} SELECT * FROM {follower} WHERE what = 'STALE'");
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
                : draft.sql("(" + alias + ".__ord IN (SELECT __ord FROM {gone}))");
    }

    /**
     * {@code hit}: for each row whose key is in the table or was deleted, where (no file for a deleted key), and how the
     * sequences compare (1 greater, 0 equal, -1 lower).
     */
    private void find(TableSnapshot base, FileScan all, Graveyard graveyard) throws SQLException {
        Set<String> columns = new LinkedHashSet<>(key);
        columns.addAll(contract.sequenceBy());
        all.prepare(workspace, "all_files");
        draft.run(
                "CREATE OR REPLACE TABLE {hit} AS WITH found AS MATERIALIZED (SELECT b.__ord, t.file_index, t.file_row_number, "
                        + sequence.comparison("b", "t") + " AS compared FROM (" + all.selectAll(columns, true)
                        + ") t JOIN {batch} b ON " + Batch.equal("t", "b", key)
                        + " WHERE b.__ord NOT IN (SELECT __ord FROM {verdict})) SELECT t.*, false AS same FROM found t"
                        + all.whereLive(workspace.table("all_files")));
        String tombstones = Tombstones.select(contract, base, graveyard);
        if (tombstones != null) {
            draft.run(
                    "INSERT INTO {hit} SELECT b.__ord, NULL, NULL, " + sequence.comparison("b", "t") + ", false FROM ("
                            + tombstones + ") t JOIN {batch} b ON " + Batch.equal("t", "b", key)
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
                        draft.sql("SELECT DISTINCT file_index FROM {hit} WHERE compared = 0 AND file_index IS NOT NULL"
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
        draft.run("UPDATE {hit} SET same = true FROM (SELECT h.__ord FROM ("
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
        String follows = "f.what IS NOT NULL"
                + (contract.whenMatched() == WhenMatched.REPLACE ? "" : " AND h.compared IS DISTINCT FROM 0");
        draft.run("CREATE OR REPLACE TABLE {outcome} AS SELECT b.__ord, coalesce(v.what, CASE" + beforeTruncate
                + " WHEN h.compared = -1 THEN 'STALE'"
                // where a row of this sequence is in the table already, it is the one to be compared with
                + " WHEN " + follows + " THEN f.what"
                + " WHEN h.__ord IS NULL OR h.file_index IS NULL AND h.compared = 1 THEN if(" + gone + ", "
                + (ordered() ? "'BURIED'" : "'DUPLICATE'") + ", 'INSERTED')"
                + " WHEN h.compared = 1 THEN if(" + gone + ", 'DELETED', 'UPDATED')"
                + " WHEN h.file_index IS NULL THEN if(" + gone + ", 'DUPLICATE', 'TIED')"
                + " WHEN " + gone + " THEN " + (contract.whenMatched() == WhenMatched.REPLACE ? "'DELETED'" : "'TIED'")
                + " WHEN h.same THEN 'DUPLICATE' ELSE " + different
                + " END) AS what FROM {batch} b LEFT JOIN {verdict} v ON v.__ord = b.__ord LEFT JOIN {follower} f ON f.__ord = b.__ord"
                + " LEFT JOIN (SELECT __ord, min(compared) AS compared, bool_or(same) AS same, any_value(file_index) AS file_index"
                + " FROM {hit} GROUP BY __ord) h ON h.__ord = b.__ord");
    }
}
