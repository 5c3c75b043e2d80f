package dev.wadi.table;

import dev.wadi.contract.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One version of one table: its columns and the files it is made of. Immutable.
 *
 * @param folder where the table is, an absolute path
 * @param committed when the version was committed
 * @param columns in the order of the table's schema
 * @param partitionColumns logical names
 * @param files by their path
 * @param properties the Delta table properties
 * @param domains what the table remembers, by domain: Delta's {@code domainMetadata} of {@link TableSnapshot#DOMAINS}
 */
public record TableSnapshot(
        TableName table,
        String folder,
        long version,
        Instant committed,
        List<TableColumn> columns,
        List<String> partitionColumns,
        Map<String, DataFile> files,
        Map<String, String> properties,
        Map<String, String> domains) {
    /** The domains that Wadi uses. */
    static final Set<String> DOMAINS = Set.of(TableSnapshot.GRAVEYARD);

    /** Deleted keys and the sequence of a truncate; what it holds is the merge's business. */
    public static final String GRAVEYARD = "wadi.graveyard";

    /** The table property that says how columns are found in Parquet files: {@code none}, {@code name} or {@code id}. */
    static final String MAPPING = "delta.columnMapping.mode";

    /**
     * Whether columns are found in Parquet files by field id. All other tables are read by physical name: files that were
     * written before the mapping was switched on have no ids.
     */
    public boolean readsById() {
        return "id".equals(properties.get(MAPPING));
    }

    /** Live rows. */
    public long rows() {
        return files.values().stream().mapToLong(DataFile::liveRows).sum();
    }

    public long bytes() {
        return files.values().stream().mapToLong(DataFile::bytes).sum();
    }
}
