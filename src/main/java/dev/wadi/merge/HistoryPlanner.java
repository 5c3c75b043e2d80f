package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Sql;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Keeps a row for each state of a key (SCD type 2). What the table holds of a key follows from the set of its events alone,
 * whatever order they came in: a <em>run</em> of events is a row, from the sequence of its first event to that of the next
 * event after it. A run is one event, or, with {@code trackHistoryExcept}, neighbours whose tracked content is equal; its
 * row shows the last of them.
 *
 * <p>{@code event} holds all events of the keys of the batch: those that the table's rows show, those that no row shows but
 * the {@link Graveyard} remembers (deletes of what was not there, events absorbed in a run), and those of the batch. Of
 * several at one sequence the one known longest has {@code __place} 1 and stands. {@code timeline} says what each standing
 * event becomes, as {@link Timeline} has it; the plan is the difference to the rows that are there.
 */
final class HistoryPlanner extends EventSetPlanner {
    private static final String UNCHANGED =
            "(t.__shown AND t.__starts IS NOT DISTINCT FROM e.__start AND t.__ends IS NOT DISTINCT FROM e.__end)";

    private static final Map<String, String> PERIODS =
            Map.of(Contract.START_AT, "t.__starts", Contract.END_AT, "t.__ends");

    HistoryPlanner(Batch batch, DeltaTable table, Checks checks) {
        super(batch, table, checks);
    }

    @Override
    String place(String alias) {
        return sequence.value(alias) + " AS __seq";
    }

    @Override
    Plan plan(TableSnapshot base, FileScan all) throws SQLException {
        findRows(
                base,
                all,
                "t.* RENAME (" + Sql.name(Contract.START_AT) + " AS __start, " + Sql.name(Contract.END_AT)
                        + " AS __end), " + place("t"));
        events(base);
        draft.run("CREATE OR REPLACE TABLE {timeline} AS " + timeline.sql("{event} x WHERE x.__place = 1", key));
        outcome();
        Tally tally = draft.tally();
        String standing = "{event} e JOIN {timeline} t ON t.__id = e.__id WHERE ";
        String fresh = " AND e.__source IN (" + Timeline.SHOWN + ", " + Timeline.ARRIVED + ")";
        return new Plan(
                draft.replaced(
                        table,
                        all,
                        "SELECT e.file_index, e.file_row_number FROM {event} e LEFT JOIN {timeline} t ON t.__id = e.__id"
                                + " WHERE e.file_index IS NOT NULL AND " + UNCHANGED + " IS NOT TRUE"),
                draft.selected(output(base, PERIODS), standing + "t.__shown AND NOT " + UNCHANGED),
                draft.selected(
                        Batch.list("e", key) + ", " + sequence.list("e"), standing + "t.__hidden AND e.__gone" + fresh),
                draft.selected(Batch.list("e", remembered(contract)), standing + "t.__hidden AND NOT e.__gone" + fresh),
                null,
                tally,
                byScanning(base, "histories of the keys"));
    }

    private void events(TableSnapshot base) throws SQLException {
        String keys = Batch.list("x", key);
        List<String> parts = new ArrayList<>();
        parts.add(
                "SELECT x.*, false AS __gone, " + Timeline.SHOWN + " AS __source, NULL::BIGINT AS __ord FROM {row} x");
        parts.add("SELECT x.* EXCLUDE (__end, file_index, file_row_number) REPLACE (" + sequence.fields("x.__start")
                + ", x.__start AS __seq, NULL AS __start), false AS __gone, " + Timeline.GUESSED
                + " AS __source FROM {row} x WHERE x.__start < x.__seq");
        parts.add("SELECT " + keys + ", " + sequence.fields("x.__end") + ", x.__end AS __seq, true AS __gone, "
                + Timeline.SHOWN
                + " AS __source FROM {row} x ANTI JOIN {row} n ON " + Batch.equal("n", "x", key)
                + " AND coalesce(n.__start, n.__seq) = x.__end WHERE x.__end IS NOT NULL");
        events(base, parts, keys + ", x.__seq");
    }

    private void outcome() throws SQLException {
        draft.run("CREATE OR REPLACE TABLE {outcome} AS SELECT __ord, " + Draft.TURNED_AWAY
                + " AS what FROM {refusal} WHERE code <> 0");
        draft.run("INSERT INTO {outcome} SELECT e.__ord, CASE WHEN e.__gone THEN if(t.__gap, 'BURIED', 'DELETED')"
                + " WHEN t.__opens AND t.__gap AND NOT t.__grew THEN 'INSERTED'"
                + " WHEN t.__opens OR t.__shown THEN 'UPDATED' ELSE 'BURIED' END"
                + " FROM {event} e JOIN {timeline} t ON t.__id = e.__id WHERE e.__ord IS NOT NULL");
        if (!draft.any("{event} WHERE __place > 1 AND __ord IS NOT NULL")) {
            return;
        }
        String sameTracked = timeline.tracked().stream()
                .map(name -> "l.%1$s IS NOT DISTINCT FROM w.%1$s".formatted(Sql.name(name)))
                .collect(Collectors.joining(" AND "));
        draft.run("INSERT INTO {outcome} SELECT l.__ord, CASE WHEN l.__gone AND w.__gone THEN 'DUPLICATE'"
                + " WHEN l.__gone OR w.__gone THEN 'TIED' WHEN w.__source = " + Timeline.GUESSED + " AND "
                + (sameTracked.isEmpty() ? "true" : sameTracked) + " THEN 'DUPLICATE' WHEN "
                + batch.sameContent("l", "w") + " THEN 'DUPLICATE' ELSE 'TIED' END FROM {event} l JOIN {event} w ON "
                + Batch.equal("l", "w", key)
                + " AND l.__seq = w.__seq AND w.__place = 1 WHERE l.__place > 1 AND l.__ord IS NOT NULL");
    }
}
