package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@link Reading} of the lake of this process. */
@Singleton
final class LakeReading implements Reading {
    private final LakeReader lake;

    LakeReading(LakeReader lake) {
        this.lake = lake;
    }

    @Override
    public Map<TableName, Long> versions(Set<TableName> tables, Moment moment) {
        return switch (moment) {
            case Moment.Newest now -> lake.versions(tables);
            case Moment.At at -> lake.versions(tables, at.time());
            case Moment.AtVersion at -> {
                Map<TableName, Long> versions =
                        new TreeMap<>(lake.versions(tables, lake.committed(at.table(), at.version())));
                versions.put(at.table(), at.version());
                yield versions;
            }
            case Moment.Exactly exactly -> {
                Map<TableName, Long> versions = new TreeMap<>(exactly.versions());
                versions.keySet().retainAll(tables);
                yield versions;
            }
        };
    }

    @Override
    public Pin pin(Set<TableName> tables, Moment moment) {
        return moment instanceof Moment.Newest ? lake.pin(tables) : lake.pin(versions(tables, moment));
    }
}
