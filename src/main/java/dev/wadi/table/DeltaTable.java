package dev.wadi.table;

import dev.wadi.contract.TableName;

/** One Delta table: loads its versions and commits new ones. Thread-safe. */
public final class DeltaTable {
    private final TableName name;

    DeltaTable(TableName name) {
        this.name = name;
    }

    public TableName name() {
        return name;
    }

    /** The newest version. Cheap when nothing was committed since the last call. */
    public TableSnapshot latest() {
        throw new UnsupportedOperationException("soon");
    }

    /** A given version. @throws TableException when it is not there */
    public TableSnapshot at(long version) {
        throw new UnsupportedOperationException("soon " + version);
    }
}
