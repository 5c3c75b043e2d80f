package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** {@link TableStates} of the lake of this process. */
@Singleton
final class LakeTableStates implements TableStates {
    private final Lake lake;

    LakeTableStates(Lake lake) {
        this.lake = lake;
    }

    @Override
    public List<TableName> tables() {
        return lake.tables();
    }

    @Override
    public TableState latest(TableName table) {
        return TableState.of(lake.table(table).latest());
    }

    @Override
    public TableState at(TableName table, long version) {
        return TableState.of(lake.table(table).at(version));
    }

    @Override
    public TableState at(TableName table, Instant time) {
        return TableState.of(lake.table(table).at(time));
    }

    @Override
    public DeltaTable.History history(TableName table, int limit, int offset) {
        return lake.table(table).history(limit, offset);
    }
}
