package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Puts a batch in order before any file is read: rows without a key or a sequence are told apart, and of the rows of one key
 * only the one that would stand in the end is left to look for in the table.
 *
 * <p>What became of the other rows is in the table {@code verdict (__ord, what)}; rows that are not in it go on.
 */
final class Ordering {
    private final Batch batch;
    private final Contract contract;
    private final Workspace workspace;
    private final String verdict;

    Ordering(Batch batch) {
        this.batch = batch;
        this.contract = batch.contract();
        this.workspace = batch.workspace();
        this.verdict = workspace.table("verdict");
    }

    void run() throws SQLException {
        Map<String, List<String>> neverNull = new LinkedHashMap<>();
        neverNull.put("null_key", contract.primaryKey());
        neverNull.put("null_sequence", contract.sequenceBy());
        neverNull.put(
                "null_required",
                contract.columns().stream()
                        .filter(Column::required)
                        .map(Column::name)
                        .toList());
        neverNull.values().removeIf(List::isEmpty);
        String cases = neverNull.entrySet().stream()
                .map(each -> "WHEN %s THEN '%s'".formatted(anyNull(each.getValue()), each.getKey()))
                .collect(Collectors.joining(" "));
        workspace.execute("CREATE OR REPLACE TABLE %s AS SELECT %s, CASE %s END AS what FROM %s WHERE what IS NOT NULL"
                .formatted(verdict, Batch.ORDER, cases, batch.table()));
        settleWithinBatch();
    }

    private static String anyNull(List<String> columns) {
        return columns.stream().map(name -> Sql.name(name) + " IS NULL").collect(Collectors.joining(" OR "));
    }

    /** Of each key the greatest sequence stands, among equals the first to arrive. */
    private void settleWithinBatch() throws SQLException {
        String keys = Batch.list("b", contract.primaryKey());
        String candidates = "%s b WHERE b.%s NOT IN (SELECT %s FROM %s)"
                .formatted(batch.table(), Batch.ORDER, Batch.ORDER, verdict);
        long repeated = workspace.count("SELECT count(*) - count(DISTINCT (%s)) FROM %s".formatted(keys, candidates));
        if (repeated == 0) {
            return;
        }
        String descending = contract.sequenceBy().stream()
                .map(name -> "b." + Sql.name(name) + " DESC, ")
                .collect(Collectors.joining());
        String ranked = workspace.table("ranked");
        workspace.execute(("CREATE OR REPLACE TABLE %s AS SELECT b.%s,"
                        + " row_number() OVER (PARTITION BY %s ORDER BY %s b.%s) AS place FROM %s")
                .formatted(ranked, Batch.ORDER, keys, descending, Batch.ORDER, candidates));
        workspace.execute(
                ("INSERT INTO %s SELECT l.%s, CASE WHEN %s THEN 'stale' WHEN %s THEN 'duplicate' ELSE 'tied' END"
                                + " FROM %s rl JOIN %s l ON l.%s = rl.%s AND rl.place > 1"
                                + " JOIN (SELECT b.* FROM %s b JOIN %s rw ON rw.%s = b.%s AND rw.place = 1) w ON %s")
                        .formatted(
                                verdict,
                                Batch.ORDER,
                                lower("l", "w"),
                                batch.sameContent("l", "w"),
                                ranked,
                                batch.table(),
                                Batch.ORDER,
                                Batch.ORDER,
                                batch.table(),
                                ranked,
                                Batch.ORDER,
                                Batch.ORDER,
                                Batch.equal("l", "w", contract.primaryKey())));
    }

    /** Whether the sequence of {@code left} is lower; tuples are compared column by column. */
    private String lower(String left, String right) {
        return contract.whenMatched() == WhenMatched.SEQUENCE
                ? "row(%s) < row(%s)"
                        .formatted(Batch.list(left, contract.sequenceBy()), Batch.list(right, contract.sequenceBy()))
                : "false";
    }
}
