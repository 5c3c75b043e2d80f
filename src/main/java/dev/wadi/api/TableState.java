package dev.wadi.api;

import dev.wadi.table.TableColumn;
import dev.wadi.table.TableSnapshot;
import java.time.Instant;
import java.util.List;

/**
 * The newest version of a table, as far as it is told.
 *
 * @param rows live rows
 * @param bytes of the data files, deleted rows included
 */
record TableState(
        long version,
        Instant committed,
        long rows,
        int files,
        long bytes,
        List<TableColumn> columns,
        List<String> partitionColumns) {

    static TableState of(TableSnapshot snapshot) {
        return new TableState(
                snapshot.version(),
                snapshot.committed(),
                snapshot.rows(),
                snapshot.files().size(),
                snapshot.bytes(),
                snapshot.columns(),
                snapshot.partitionColumns());
    }
}
