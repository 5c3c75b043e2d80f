package dev.wadi.merge;

import dev.wadi.contract.Contract;
import dev.wadi.index.KeyIndex;
import dev.wadi.index.KeyIndexes;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the newest row of each key (SCD type 1), by the index of the table when it has one, else by a scan. */
final class LatestRowPlanner implements Planner {
    private final Batch batch;
    private final DeltaTable table;
    private final Checks checks;
    private final KeyIndexes indexes;
    private @Nullable ScanPlanner scan;

    LatestRowPlanner(Batch batch, DeltaTable table, Checks checks, KeyIndexes indexes) {
        this.batch = batch;
        this.table = table;
        this.checks = checks;
        this.indexes = indexes;
    }

    @Override
    public Plan plan(TableSnapshot base) throws SQLException {
        Contract contract = batch.contract();
        Optional<KeyIndex> index = indexes.at(
                batch.workspace(), contract, table, base, Tombstones.locations(contract, base, Graveyard.of(base)));
        if (index.isPresent()) {
            return new IndexPlanner(batch, table, checks, index.get()).plan(base);
        }
        long start = System.nanoTime();
        if (scan == null) {
            scan = new ScanPlanner(batch, table, checks);
        }
        Plan plan = scan.plan(base);
        indexes.scanned(table.name(), System.nanoTime() - start);
        return plan;
    }
}
