package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.table.Lake;
import jakarta.inject.Singleton;
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
}
