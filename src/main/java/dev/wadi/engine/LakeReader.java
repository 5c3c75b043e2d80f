package dev.wadi.engine;

import dev.wadi.contract.TableName;
import java.util.Map;
import java.util.Set;

/** Opens the lake for reading, each table pinned to one version. */
public final class LakeReader {

    /** Pins the newest version of each table. A table that has never been written is pinned at its first, empty version. */
    public Pin pin(Set<TableName> tables) {
        throw new UnsupportedOperationException("soon");
    }

    /** Pins given versions. */
    public Pin pin(Map<TableName, Long> versions) {
        throw new UnsupportedOperationException("soon");
    }

    /** The newest version of each table, without opening anything: what an ETag is made of. */
    public Map<TableName, Long> versions(Set<TableName> tables) {
        throw new UnsupportedOperationException("soon");
    }
}
