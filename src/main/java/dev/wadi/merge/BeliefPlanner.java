package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Sql;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps a history with a second axis of time: for each system time the rows believed then are the history (as
 * {@link HistoryPlanner} has it) of the events that were known then. Of several events at one sequence the one that became
 * known last tells the state; one that repeats what was believed there says nothing. What the table holds of a key follows
 * from the set of its events, here too.
 *
 * <p>No event is ever forgotten: {@code event} holds all of the keys of the batch, from the rows, old beliefs included, the
 * {@link Graveyard} and the batch. Those that say something are {@code standing}; each holds on the system axis until the
 * next one at its sequence. Nothing that was believed before the first new event of a key can change. From there on, each
 * system time at which something became known is a {@code slice} with a {@link Timeline} of its own; slice 0 is what was
 * believed right before, as the rows tell it. Rows that are equal in neighbouring slices are one {@code belief}; the plan is
 * the difference to the rows that are there. While events come in the order of their system time, it ends rows and adds some.
 */
final class BeliefPlanner extends EventSetPlanner {
    private static final String SLICE = "__no";
    private static final Map<String, String> PERIODS = Map.of(
            Contract.START_AT,
            "b.__start",
            Contract.END_AT,
            "b.__end",
            Contract.SYSTEM_START_AT,
            "b.__from",
            Contract.SYSTEM_END_AT,
            "b.__until");

    private final String known;

    BeliefPlanner(Batch batch, DeltaTable table, Checks checks) {
        super(batch, table, checks);
        this.known = Objects.requireNonNull(contract.merging().systemSequenceBy());
    }

    @Override
    String place(String alias) {
        return sequence.value(alias) + " AS __seq, " + alias + "." + Sql.name(known) + " AS __known";
    }

    @Override
    Plan plan(TableSnapshot base, FileScan all) throws SQLException {
        rows(base, all);
        events(base);
        standing();
        slices();
        beliefs();
        outcome();
        Tally tally = draft.tally();
        return new Plan(
                draft.replaced(
                        table,
                        all,
                        "SELECT t.file_index, t.file_row_number FROM {told} t ANTI JOIN {belief} b ON " + same("b", "t")
                                + " WHERE t.__touched"),
                draft.selected(
                        output(base, PERIODS),
                        "{belief} b JOIN {event} e ON e.__id = b.__id ANTI JOIN {told} t ON " + same("b", "t")),
                draft.selected(
                        Batch.list("e", Tombstones.names(contract)),
                        "{event} e WHERE e.__place = 1 AND e.__gone AND e.__source = " + Timeline.ARRIVED),
                draft.selected(
                        Batch.list("e", remembered(contract)),
                        "{event} e ANTI JOIN {belief} b ON b.__id = e.__id ANTI JOIN {told} t ON t.__id = e.__id AND NOT"
                                + " t.__touched WHERE e.__place = 1 AND NOT e.__gone AND e.__source IN ("
                                + Timeline.SHOWN + ", " + Timeline.ARRIVED + ")"),
                null,
                tally,
                byScanning(base, "beliefs of the keys"));
    }

    /** Whether a belief is what a row shows already. */
    private static String same(String belief, String row) {
        return "%1$s.__id = %2$s.__id AND %1$s.__start = %2$s.__start AND %1$s.__end IS NOT DISTINCT FROM %2$s.__end AND %1$s.__from = %2$s.__from AND %1$s.__until IS NOT DISTINCT FROM %2$s.__until"
                .formatted(belief, row);
    }

    /** {@code row}: the rows of the batch's keys, those not believed any more included. */
    private void rows(TableSnapshot base, FileScan all) throws SQLException {
        findRows(
                base,
                all,
                "t.* RENAME (" + Sql.name(Contract.START_AT) + " AS __start, " + Sql.name(Contract.END_AT)
                        + " AS __end, " + Sql.name(Contract.SYSTEM_START_AT) + " AS __from, "
                        + Sql.name(Contract.SYSTEM_END_AT) + " AS __until), " + place("t"));
    }

    /** {@code event}, and {@code shown}: the rows with the event of each. */
    private void events(TableSnapshot base) throws SQLException {
        String at = Batch.list("x", key) + ", x.__seq, x.__known";
        String shown =
                "SELECT x.* EXCLUDE (__start, __end, __from, __until, file_index, file_row_number), false AS __gone, "
                        + Timeline.SHOWN + " AS __source, NULL::BIGINT AS __ord FROM {row} x QUALIFY row_number() OVER"
                        + " (PARTITION BY " + at + " ORDER BY x.__from, x.__start) = 1";
        events(base, List.of(shown), at);
        draft.run("CREATE OR REPLACE TABLE {shown} AS SELECT r.* EXCLUDE (__seq, __known), e.__id FROM (SELECT "
                + Batch.list("x", key)
                + ", x.__seq, x.__known, x.__start, x.__end, x.__from, x.__until, x.file_index, x.file_row_number FROM"
                + " {row} x) r JOIN {event} e ON " + Batch.equal("r", "e", key)
                + " AND r.__seq = e.__seq AND r.__known = e.__known AND e.__place = 1");
    }

    /**
     * {@code standing}: the events that say something, each with the system time at which another takes its sequence
     * ({@code __replaced}) and whether it corrects a delete (true) or a state (false).
     */
    private void standing() throws SQLException {
        String window = " WINDOW v AS (PARTITION BY " + Batch.list("x", key) + ", x.__seq ORDER BY x.__known)";
        String repeats = contract.content().stream()
                .map(column -> "x.%1$s IS NOT DISTINCT FROM lag(x.%1$s) OVER v".formatted(Sql.name(column.name())))
                .collect(Collectors.joining(" AND "));
        String tracked = timeline.absorbs()
                ? timeline.tracked().stream()
                        .map(name -> ", x." + Sql.name(name))
                        .collect(Collectors.joining())
                : "";
        draft.run("CREATE OR REPLACE TABLE {standing} AS SELECT x.*, lead(x.__known) OVER v AS __replaced,"
                + " lag(x.__gone) OVER v AS __corrects FROM (SELECT " + Batch.list("x", key)
                + ", x.__id, x.__seq, x.__known, x.__gone, x.__source" + tracked
                + ", coalesce(lag(x.__gone) OVER v = x.__gone AND (x.__gone OR "
                + (repeats.isEmpty() ? "true" : "(" + repeats + ")")
                + "), false) AS __repeats FROM {event} x WHERE x.__place = 1" + window
                + ") x WHERE NOT x.__repeats" + window);
    }

    /** {@code since}: from when on the beliefs of a key may change; {@code slice} and {@code timeline} from there on. */
    private void slices() throws SQLException {
        String keys = Batch.list("x", key);
        draft.run("CREATE OR REPLACE TABLE {since} AS SELECT " + keys
                + ", min(x.__known) AS __since FROM {standing} x WHERE x.__source = " + Timeline.ARRIVED + " GROUP BY "
                + keys);
        draft.run("CREATE OR REPLACE TABLE {told} AS SELECT x.*, c.__since, coalesce(x.__until IS NULL OR x.__until >="
                + " c.__since, false) AND c.__since IS NOT NULL AS __touched FROM {shown} x LEFT JOIN {since} c ON "
                + Batch.equal("x", "c", key));
        draft.run("CREATE OR REPLACE TABLE {slice} AS SELECT x.*, row_number() OVER (PARTITION BY " + keys
                + " ORDER BY x.__at) AS " + SLICE + " FROM (SELECT DISTINCT " + keys
                + ", x.__known AS __at FROM {standing} x JOIN {since} c ON " + Batch.equal("x", "c", key)
                + " WHERE x.__known >= c.__since) x");
        draft.run("CREATE OR REPLACE TABLE {timeline} AS "
                + timeline.sql(
                        "(SELECT x.*, c." + SLICE + " FROM {standing} x JOIN {slice} c ON "
                                + Batch.equal("x", "c", key)
                                + " AND x.__known <= c.__at AND (x.__replaced IS NULL OR c.__at < x.__replaced)) x",
                        Stream.concat(key.stream(), Stream.of(SLICE)).toList()));
    }

    /** {@code belief}: the rows from slice 0 on, with the system times between which they are believed. */
    private void beliefs() throws SQLException {
        String keys = Batch.list("x", key);
        String row = keys + ", x.__id, x.__start, x.__end";
        String slices = "SELECT " + row + ", x.__from, 0::BIGINT AS " + SLICE
                + " FROM {told} x WHERE x.__touched AND x.__from < x.__since UNION ALL SELECT " + keys
                + ", x.__id, x.__starts, x.__ends, NULL, x." + SLICE + " FROM {timeline} x WHERE x.__shown";
        String islands = "SELECT x.*, x." + SLICE
                + " - row_number() OVER (PARTITION BY x.__id, x.__start, x.__end ORDER BY x." + SLICE
                + ") AS __island FROM (" + slices + ") x";
        draft.run("CREATE OR REPLACE TABLE {belief} AS SELECT x.__id, x.__start, x.__end, coalesce(x.__from, f.__at) AS"
                + " __from, n.__at AS __until FROM (SELECT " + row + ", max(x.__from) AS __from, min(x." + SLICE
                + ") AS __first, max(x." + SLICE + ") AS __last FROM (" + islands + ") x GROUP BY " + row
                + ", x.__island) x LEFT JOIN {slice} f ON " + Batch.equal("x", "f", key)
                + " AND f.__no = x.__first LEFT JOIN {slice} n ON " + Batch.equal("x", "n", key)
                + " AND n.__no = x.__last + 1");
    }

    /** An event becomes what it does at its own system time. */
    private void outcome() throws SQLException {
        draft.run("CREATE OR REPLACE TABLE {outcome} AS SELECT __ord, " + Draft.TURNED_AWAY
                + " AS what FROM {refusal} WHERE code <> 0");
        draft.run("INSERT INTO {outcome} SELECT e.__ord, CASE WHEN s.__id IS NULL THEN 'BURIED' WHEN e.__gone THEN"
                + " if(t.__gap AND s.__corrects IS NOT FALSE, 'BURIED', 'DELETED')"
                + " WHEN t.__opens AND t.__gap AND NOT t.__grew AND s.__corrects IS NOT FALSE THEN 'INSERTED'"
                + " WHEN t.__opens OR t.__shown OR s.__corrects IS FALSE THEN 'UPDATED' ELSE 'BURIED' END"
                + " FROM {event} e LEFT JOIN {standing} s ON s.__id = e.__id LEFT JOIN {slice} c ON "
                + Batch.equal("s", "c", key)
                + " AND c.__at = s.__known LEFT JOIN {timeline} t ON t.__id = s.__id AND t."
                + SLICE + " = c." + SLICE + " WHERE e.__place = 1 AND e.__source = " + Timeline.ARRIVED);
        draft.run("INSERT INTO {outcome} SELECT l.__ord, CASE WHEN l.__gone AND w.__gone THEN 'DUPLICATE'"
                + " WHEN l.__gone OR w.__gone THEN 'TIED' WHEN " + batch.sameContent("l", "w")
                + " THEN 'DUPLICATE' ELSE 'TIED' END FROM {event} l JOIN {event} w ON " + Batch.equal("l", "w", key)
                + " AND l.__seq = w.__seq AND l.__known = w.__known AND w.__place = 1 WHERE l.__place > 1 AND l.__source"
                + " = " + Timeline.ARRIVED);
    }
}
