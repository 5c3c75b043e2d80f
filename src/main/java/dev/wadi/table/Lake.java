package dev.wadi.table;

import dev.wadi.contract.TableName;
import java.util.List;

/** All tables under one root folder: {@code root/layer/name}. */
public final class Lake {

    /** The table, created from its contract when it is not there yet. */
    public DeltaTable table(TableName name) {
        throw new UnsupportedOperationException("soon");
    }

    /** The tables that exist, in the order of their names. */
    public List<TableName> tables() {
        throw new UnsupportedOperationException("soon");
    }
}
