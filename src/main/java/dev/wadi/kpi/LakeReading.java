package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** {@link Reading} of the lake of this process. */
@Singleton
final class LakeReading implements Reading {
    private final LakeReader lake;

    LakeReading(LakeReader lake) {
        this.lake = lake;
    }

    @Override
    public Map<TableName, Long> versions(Set<TableName> tables) {
        return lake.versions(tables);
    }

    @Override
    public Pin pin(Set<TableName> tables) {
        return lake.pin(tables);
    }

    @Override
    public Map<TableName, Long> versions(Set<TableName> tables, Instant asOf) {
        return lake.versions(tables, asOf);
    }

    @Override
    public Pin pin(Set<TableName> tables, Instant asOf) {
        return lake.pin(tables, asOf);
    }
}
