package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Sql;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Keeps one row a key (SCD type 1) of which some columns, the <em>sparse</em> ones, hold the newest value that is not null.
 *
 * <p>What the table holds of a key follows from the set of its events: all but the sparse columns are those of the event with
 * the greatest sequence; each sparse column is that of the newest event since the last delete that brought one. For this the
 * row says which event set a sparse column ({@link Contract#sequenceOf}), and the {@link Graveyard} remembers the last
 * delete of a key although a newer row lives.
 *
 * <p>{@code verdict} holds what is decided without folding; {@code effective} the rest; {@code fold} what the rest of the
 * batch says of a key, and {@code state} what becomes of the key's row.
 */
final class SparsePlanner extends DraftPlanner {
    private final List<String> sparse;

    SparsePlanner(Batch batch, DeltaTable table, Checks checks) {
        super(batch, table, checks);
        this.sparse = contract.merging().ignoreNullUpdates().stream().sorted().toList();
    }

    @Override
    Plan plan(TableSnapshot base, FileScan all) throws SQLException {
        Graveyard graveyard = Graveyard.of(base);
        find(base, all, graveyard);
        compare(graveyard);
        fold();
        outcome();
        Tally tally = draft.tally();
        return new Plan(
                draft.replaced(
                        table,
                        all,
                        "SELECT file_index, file_row_number FROM {state}"
                                + " WHERE file_index IS NOT NULL AND (__written OR NOT __lives)"),
                draft.any("{state} WHERE __written") ? draft.sql(output(base)) : null,
                draft.any("{effective} WHERE __gone AND __seq = __cut")
                        ? draft.sql("SELECT " + Batch.list("e", key) + ", " + sequence.list("e")
                                + " FROM {effective} e WHERE e.__gone AND e.__seq = e.__cut")
                        : null,
                null,
                tally,
                byScanning(base, "keys"));
    }

    /**
     * {@code arrival}: the rows of the batch that no check turns away; {@code candidate}: of those at one sequence the first,
     * and {@code follower}: what the others are beside it.
     */
    @Override
    void settleWithinBatch() throws SQLException {
        draft.run("CREATE OR REPLACE TABLE {arrival} AS SELECT b.*, " + sequence.value("b") + " AS __seq,"
                + " b.__ord IN (SELECT __ord FROM {gone}) AS __gone, row_number() OVER (PARTITION BY "
                + Batch.list("b", key) + ", " + sequence.list("b") + " ORDER BY b.__ord) AS __place FROM {batch} b"
                + " WHERE b.__ord NOT IN (SELECT __ord FROM {refusal})");
        draft.run("CREATE OR REPLACE TABLE {candidate} AS SELECT * FROM {arrival} WHERE __place = 1");
        draft.run("CREATE OR REPLACE TABLE {follower} AS SELECT __ord, " + Draft.TURNED_AWAY
                + " AS what FROM {refusal} WHERE false");
        if (draft.any("{arrival} WHERE __place > 1")) {
            draft.run("INSERT INTO {follower} SELECT l.__ord, CASE WHEN l.__gone AND w.__gone OR NOT l.__gone"
                    + " AND NOT w.__gone AND " + batch.sameContent("l", "w") + " THEN 'DUPLICATE' ELSE 'TIED' END"
                    + " FROM {arrival} l JOIN {candidate} w ON " + Batch.equal("l", "w", key)
                    + " AND l.__seq = w.__seq WHERE l.__place > 1");
        }
        draft.run(
                "CREATE OR REPLACE TABLE {subject} AS SELECT DISTINCT " + Batch.list("c", key) + " FROM {candidate} c");
    }

    /** {@code row}: the rows of the batch's keys; {@code dead}: when these keys were deleted last. */
    private void find(TableSnapshot base, FileScan all, Graveyard graveyard) throws SQLException {
        findRows(base, all, "t.*, " + sequence.value("t") + " AS __seq");
        String tombstones = Tombstones.select(contract, base, graveyard);
        draft.run("CREATE OR REPLACE TABLE {dead} AS "
                + (tombstones == null
                        ? "SELECT " + Batch.list("c", key) + ", c.__seq FROM {candidate} c WHERE false"
                        : "SELECT " + Batch.list("t", key) + ", max(" + sequence.value("t") + ") AS __seq FROM ("
                                + tombstones + ") t SEMI JOIN {subject} s ON " + Batch.equal("t", "s", key)
                                + " GROUP BY ALL"));
    }

    /**
     * Decides on rows that are before the last delete, or at a sequence of which the table tells what was said; and on those that
     * only follow another of the batch.
     */
    private void compare(Graveyard graveyard) throws SQLException {
        List<String> truncated = graveyard.truncated();
        String sameAsRow = contract.content().stream()
                .map(column -> column.name())
                .map(name -> "c." + Sql.name(name) + " IS NOT DISTINCT FROM "
                        + (sparse.contains(name)
                                ? "CASE WHEN r." + setAt(name) + " IS NULL THEN r." + Sql.name(name) + " END"
                                : "r." + Sql.name(name)))
                .collect(Collectors.joining(" AND "));
        String saysSo = any(i -> "r." + setAt(i) + " = c.__seq");
        String saysElse = any(i -> "(r." + setAt(i) + " = c.__seq AND (c.__gone OR c." + column(i)
                + " IS DISTINCT FROM r." + column(i) + "))");
        draft.run(
                "CREATE OR REPLACE TABLE {verdict} AS SELECT __ord, " + Draft.TURNED_AWAY + " AS what FROM {refusal}");
        draft.run("INSERT INTO {verdict} SELECT * FROM (SELECT c.__ord, CASE "
                + (truncated == null ? "" : "WHEN " + sequence.lowerThan("c", truncated) + " THEN 'STALE' ")
                + "WHEN c.__seq < d.__seq THEN 'STALE' WHEN c.__seq = d.__seq THEN if(c.__gone, 'DUPLICATE', 'TIED')"
                + " WHEN c.__seq = r.__seq THEN if(NOT c.__gone" + (sameAsRow.isEmpty() ? "" : " AND " + sameAsRow)
                + ", 'DUPLICATE', 'TIED') WHEN " + saysElse + " THEN 'TIED' WHEN " + saysSo
                + " THEN 'DUPLICATE' END AS what FROM {arrival} c LEFT JOIN {row} r ON " + Batch.equal("r", "c", key)
                + " LEFT JOIN {dead} d ON " + Batch.equal("d", "c", key) + ") WHERE what IS NOT NULL");
        draft.run("INSERT INTO {verdict} SELECT * FROM {follower} WHERE __ord NOT IN (SELECT __ord FROM {verdict})");
    }

    private void fold() throws SQLException {
        String keys = Batch.list("c", key);
        draft.run("CREATE OR REPLACE TABLE {effective} AS SELECT c.*, max(CASE WHEN c.__gone THEN c.__seq END)"
                + " OVER (PARTITION BY " + keys + ") AS __cut, NOT c.__gone AND (__cut IS NULL OR c.__seq > __cut)"
                + " AS __alive FROM {candidate} c WHERE c.__ord NOT IN (SELECT __ord FROM {verdict})");
        draft.run("CREATE OR REPLACE TABLE {fold} AS SELECT " + keys + ", any_value(c.__cut) AS __cut,"
                + " max(c.__seq) FILTER (c.__alive) AS __top, arg_max(c.__ord, c.__seq) FILTER (c.__alive) AS __ord"
                + each(i ->
                        ", max(c.__seq) FILTER (c.__alive AND c.%1$s IS NOT NULL) AS __s%2$d, arg_max(c.%1$s, c.__seq)"
                                        .formatted(column(i), i)
                                + " FILTER (c.__alive AND c." + column(i) + " IS NOT NULL) AS __v" + i)
                + " FROM {effective} c GROUP BY " + keys);
        // __q: which event set what the row has; null where it has nothing, or nothing after the delete
        draft.run("CREATE OR REPLACE TABLE {state} AS SELECT f.*, r.file_index, r.file_row_number,"
                + " r.__seq IS NOT NULL AND (f.__cut IS NULL OR r.__seq > f.__cut) AS __survives,"
                + " __survives AND (f.__top IS NULL OR r.__seq > f.__top) AS __keeps,"
                + " __survives OR f.__top IS NOT NULL AS __lives"
                + each(i -> ", coalesce(r." + setAt(i) + ", r.__seq) AS __at%1$d, CASE WHEN r.".formatted(i) + column(i)
                        + " IS NOT NULL AND (f.__cut IS NULL OR __at%1$d > f.__cut) THEN __at%1$d END AS __q%1$d"
                                .formatted(i)
                        + ", coalesce(f.__s%1$d > __q%1$d, f.__s%1$d IS NOT NULL) AS __sets%1$d".formatted(i)
                        + ", __survives AND r." + column(i)
                        + " IS NOT NULL AND __q%1$d IS NULL AS __kills%1$d".formatted(i))
                + ", " + any(i -> "__kills" + i) + " AS __kills, __lives AND (NOT __keeps OR __kills OR "
                + any(i -> "__sets" + i) + ") AS __written FROM {fold} f LEFT JOIN {row} r ON "
                + Batch.equal("r", "f", key));
    }

    private void outcome() throws SQLException {
        draft.run("CREATE OR REPLACE TABLE {outcome} AS SELECT * FROM {verdict}");
        draft.run(
                "INSERT INTO {outcome} SELECT e.__ord, CASE WHEN e.__gone THEN CASE WHEN e.__seq < e.__cut THEN 'STALE'"
                        + " WHEN s.file_index IS NOT NULL AND NOT s.__survives THEN 'DELETED'"
                        + " WHEN s.__kills THEN 'UPDATED' ELSE 'BURIED' END WHEN NOT e.__alive THEN 'STALE'"
                        + " WHEN e.__seq = s.__top AND NOT s.__keeps THEN if(s.__survives, 'UPDATED', 'INSERTED')"
                        + " WHEN " + any(i -> "(s.__sets%1$d AND e.__seq = s.__s%1$d)".formatted(i))
                        + " THEN 'UPDATED' ELSE 'STALE' END FROM {effective} e JOIN {state} s ON "
                        + Batch.equal("e", "s", key));
    }

    private String output(TableSnapshot base) {
        List<String> known = batch.columns();
        List<String> sequences = sparse.stream().map(Contract::sequenceOf).toList();
        return "SELECT "
                + base.columns().stream()
                        .map(column -> output(column, known.contains(column.name()), sequences.indexOf(column.name()))
                                + " AS " + Sql.name(column.name()))
                        .collect(Collectors.joining(", "))
                + " FROM {state} s LEFT JOIN {batch} b ON b.__ord = s.__ord LEFT JOIN {row} r ON "
                + Batch.equal("r", "s", key) + " WHERE s.__written";
    }

    /** @param sequenceOf the number of the sparse column whose sequence this is; -1 for none */
    private String output(TableColumn column, boolean known, int sequenceOf) {
        String name = Sql.name(column.name());
        int value = sparse.indexOf(column.name());
        if (value >= 0) {
            return "CASE WHEN s.__sets%1$d THEN s.__v%1$d WHEN s.__q%1$d IS NOT NULL THEN r.".formatted(value) + name
                    + " END";
        } else if (sequenceOf >= 0) {
            return "nullif(CASE WHEN s.__sets%1$d THEN s.__s%1$d ELSE s.__q%1$d END, CASE WHEN s.__keeps THEN r.__seq ELSE s.__top END)"
                    .formatted(sequenceOf);
        }
        return "CASE WHEN s.__keeps THEN r.%s ELSE %s END"
                .formatted(name, known ? "b." + name : "NULL::" + column.sql());
    }

    private String column(int index) {
        return Sql.name(sparse.get(index));
    }

    private String setAt(int index) {
        return setAt(sparse.get(index));
    }

    private static String setAt(String column) {
        return Sql.name(Contract.sequenceOf(column));
    }

    private String each(IntFunction<String> text) {
        return IntStream.range(0, sparse.size()).mapToObj(text).collect(Collectors.joining());
    }

    private String any(IntFunction<String> condition) {
        return IntStream.range(0, sparse.size())
                .mapToObj(condition)
                .collect(Collectors.joining(" OR ", "coalesce(", ", false)"));
    }
}
