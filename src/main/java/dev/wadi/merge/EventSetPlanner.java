package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.engine.Sql;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plans from the set of all events of the keys of the batch: those that the table's rows show, those that no row shows but the
 * {@link Graveyard} remembers, and those of the batch. {@code event} holds them, each with a number ({@code __id}), where it is
 * from ({@code __source}) and, of several at one place, the {@code __place} 1 for the one that was known longest.
 */
abstract class EventSetPlanner extends DraftPlanner {
    final Timeline timeline;

    EventSetPlanner(Batch batch, DeltaTable table, Checks checks) {
        super(batch, table, checks);
        this.timeline = new Timeline(contract);
    }

    /** Where an event is in time: columns from {@code __seq} on. */
    abstract String place(String alias);

    /** What is kept of an event that no row shows. */
    static List<String> remembered(Contract contract) {
        return contract.columns().stream()
                .filter(Column::stored)
                .map(Column::name)
                .toList();
    }

    @Override
    final void settleWithinBatch() throws SQLException {
        draft.run("CREATE OR REPLACE TABLE {candidate} AS SELECT b.* FROM {batch} b"
                + " WHERE b.__ord NOT IN (SELECT __ord FROM {refusal})");
        draft.run(
                "CREATE OR REPLACE TABLE {subject} AS SELECT DISTINCT " + Batch.list("b", key) + " FROM {candidate} b");
    }

    /**
     * {@code event}; columns that a source does not have are null in it.
     *
     * @param shown SELECTs of the events that the rows show
     * @param at the columns of {@code x} at which only one event stands
     */
    final void events(TableSnapshot base, List<String> shown, String at) throws SQLException {
        List<String> parts = new ArrayList<>(shown);
        Graveyard graveyard = Graveyard.of(base);
        remembered(parts, Tombstones.select(contract, base, graveyard), true);
        remembered(parts, Tombstones.absorbed(contract, base, graveyard), false);
        Set<String> kept = Set.copyOf(remembered(contract));
        parts.add("SELECT "
                + base.columns().stream()
                        .map(TableColumn::name)
                        .filter(kept::contains)
                        .map(name -> "x." + Sql.name(name) + ", ")
                        .collect(Collectors.joining())
                + place("x") + ", x.__ord IN (SELECT __ord FROM {gone}) AS __gone, " + Timeline.ARRIVED
                + " AS __source, x.__ord FROM {candidate} x");
        draft.run("CREATE OR REPLACE TABLE {event} AS SELECT *, row_number() OVER () AS __id,"
                + " row_number() OVER (PARTITION BY " + at + " ORDER BY x.__source, x.__ord) AS __place FROM ("
                + String.join(" UNION ALL BY NAME ", parts) + ") x");
    }

    private void remembered(List<String> parts, @Nullable String select, boolean gone) {
        if (select != null) {
            parts.add("SELECT x.*, " + place("x") + ", " + gone + " AS __gone, " + Timeline.REMEMBERED
                    + " AS __source FROM (" + select + ") x SEMI JOIN {subject} s ON " + Batch.equal("x", "s", key));
        }
    }

    /**
     * The columns of a row, for a SELECT.
     *
     * @param periods what fills the columns that say when it holds, by their names; the others come from the event {@code e}
     */
    static String output(TableSnapshot base, Map<String, String> periods) {
        return base.columns().stream()
                .map(TableColumn::name)
                .map(name -> periods.getOrDefault(name, "e." + Sql.name(name)) + " AS " + Sql.name(name))
                .collect(Collectors.joining(", "));
    }
}
