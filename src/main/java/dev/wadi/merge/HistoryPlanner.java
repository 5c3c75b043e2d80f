package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.engine.FileScan;
import dev.wadi.engine.Sql;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
final class HistoryPlanner extends DraftPlanner {
    private static final String UNCHANGED =
            "(t.__shown AND t.__starts IS NOT DISTINCT FROM e.__start AND t.__ends IS NOT DISTINCT FROM e.__end)";

    private final Timeline timeline;

    HistoryPlanner(Batch batch, DeltaTable table, Checks checks) {
        super(batch, table, checks);
        this.timeline = new Timeline(contract);
    }

    @Override
    void settleWithinBatch() throws SQLException {
        draft.run("CREATE OR REPLACE TABLE {candidate} AS SELECT b.* FROM {batch} b"
                + " WHERE b.__ord NOT IN (SELECT __ord FROM {refusal})");
        draft.run(
                "CREATE OR REPLACE TABLE {subject} AS SELECT DISTINCT " + Batch.list("b", key) + " FROM {candidate} b");
    }

    @Override
    Plan plan(TableSnapshot base, FileScan all) throws SQLException {
        rows(base, all);
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
                draft.selected(output(base), standing + "t.__shown AND NOT " + UNCHANGED),
                draft.selected(
                        Batch.list("e", key) + ", " + sequence.list("e"), standing + "t.__hidden AND e.__gone" + fresh),
                draft.selected(Batch.list("e", remembered(contract)), standing + "t.__hidden AND NOT e.__gone" + fresh),
                null,
                tally,
                byScanning(base, "histories of the keys"));
    }

    /** What is kept of an event that no row shows. */
    static List<String> remembered(Contract contract) {
        return contract.columns().stream()
                .filter(Column::stored)
                .map(Column::name)
                .toList();
    }

    private static List<TableColumn> payload(TableSnapshot base) {
        return base.columns().stream()
                .filter(column -> !column.name().equals(Contract.START_AT)
                        && !column.name().equals(Contract.END_AT))
                .toList();
    }

    /** {@code row}: the rows of the batch's keys, with all columns of the table. */
    private void rows(TableSnapshot base, FileScan all) throws SQLException {
        all.prepare(batch.workspace(), "all_files");
        List<String> columns = base.columns().stream().map(TableColumn::name).toList();
        draft.run("CREATE OR REPLACE TABLE {row} AS SELECT t.* RENAME (" + Sql.name(Contract.START_AT) + " AS __start, "
                + Sql.name(Contract.END_AT) + " AS __end), " + sequence.value("t") + " AS __seq FROM ("
                + all.select(batch.workspace().table("all_files"), columns, true)
                + ") t SEMI JOIN {subject} s ON " + Batch.equal("t", "s", key));
    }

    /** {@code event}; columns that a source does not have are null in it. */
    private void events(TableSnapshot base) throws SQLException {
        List<TableColumn> columns = payload(base);
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
        Graveyard graveyard = Graveyard.of(base);
        String tombstones = Tombstones.select(contract, base, graveyard);
        if (tombstones != null) {
            parts.add("SELECT x.*, " + sequence.value("x") + " AS __seq, true AS __gone, " + Timeline.REMEMBERED
                    + " AS __source FROM (" + tombstones + ") x SEMI JOIN {subject} s ON "
                    + Batch.equal("x", "s", key));
        }
        String absorbed = Tombstones.absorbed(contract, base, graveyard);
        if (absorbed != null) {
            parts.add("SELECT x.*, " + sequence.value("x") + " AS __seq, false AS __gone, " + Timeline.REMEMBERED
                    + " AS __source FROM (" + absorbed + ") x SEMI JOIN {subject} s ON " + Batch.equal("x", "s", key));
        }
        Set<String> known = Set.copyOf(remembered(contract));
        parts.add("SELECT "
                + columns.stream()
                        .map(TableColumn::name)
                        .filter(known::contains)
                        .map(name -> "x." + Sql.name(name) + ", ")
                        .collect(Collectors.joining())
                + sequence.value("x") + " AS __seq, x.__ord IN (SELECT __ord FROM {gone}) AS __gone, "
                + Timeline.ARRIVED
                + " AS __source, x.__ord FROM {candidate} x");
        draft.run("CREATE OR REPLACE TABLE {event} AS SELECT *, row_number() OVER () AS __id,"
                + " row_number() OVER (PARTITION BY " + keys
                + ", x.__seq ORDER BY x.__source, x.__ord) AS __place FROM ("
                + String.join(" UNION ALL BY NAME ", parts) + ") x");
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

    private String output(TableSnapshot base) {
        return base.columns().stream()
                .map(column -> switch (column.name()) {
                            case Contract.START_AT -> "t.__starts";
                            case Contract.END_AT -> "t.__ends";
                            default -> "e." + Sql.name(column.name());
                        }
                        + " AS " + Sql.name(column.name()))
                .collect(Collectors.joining(", "));
    }
}
