package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.engine.FileScan;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.List;

/**
 * A planner that works in SQL, in the tables of a {@link Draft}, on all live rows of a version.
 *
 * <p>What the batch alone decides is settled once; {@code refusal} and {@code gone} are there before. Then, for each version
 * that is planned against, the rest: it leaves {@code outcome}, what becomes of each row of the batch.
 */
abstract class DraftPlanner implements Planner {
    final Batch batch;
    final Contract contract;
    final DeltaTable table;
    final Draft draft;
    final Sequence sequence;
    final List<String> key;
    private final Checks checks;
    private boolean settled;

    DraftPlanner(Batch batch, DeltaTable table, Checks checks) {
        this.batch = batch;
        this.contract = batch.contract();
        this.table = table;
        this.draft = new Draft(batch);
        this.sequence = new Sequence(contract);
        this.key = contract.primaryKey();
        this.checks = checks;
    }

    @Override
    public final Plan plan(TableSnapshot base) throws SQLException {
        if (!settled) {
            draft.turnAway(checks);
            settleWithinBatch();
            settled = true;
        }
        return plan(base, FileScan.live(table, base));
    }

    abstract void settleWithinBatch() throws SQLException;

    /** @param all the live rows of {@code base} */
    abstract Plan plan(TableSnapshot base, FileScan all) throws SQLException;

    /**
     * {@code row}: the live rows of the keys in {@code subject}.
     *
     * @param all the live rows of {@code base}
     * @param select what of each, {@code t}
     */
    final void findRows(TableSnapshot base, FileScan all, String select) throws SQLException {
        all.prepare(batch.workspace(), "all_files");
        List<String> columns = base.columns().stream().map(TableColumn::name).toList();
        draft.run("CREATE OR REPLACE TABLE {row} AS SELECT " + select + " FROM ("
                + all.select(batch.workspace().table("all_files"), columns, true) + ") t SEMI JOIN {subject} s ON "
                + Batch.equal("t", "s", key));
    }

    /** How {@code what} was found, for people. */
    static String byScanning(TableSnapshot base, String what) {
        return base.files().isEmpty()
                ? "empty table"
                : what + " found by scanning " + base.files().size() + " files";
    }
}
