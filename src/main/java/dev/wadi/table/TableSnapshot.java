package dev.wadi.table;

import dev.wadi.contract.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param inEveryFile physical names of columns that every file has with the type of the table
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
        Map<String, String> domains,
        Set<String> inEveryFile) {
    /** The domains that Wadi uses. */
    static final Set<String> DOMAINS = Set.of(TableSnapshot.GRAVEYARD);

    /** Deleted keys and the sequence of a truncate; what it holds is the merge's business. */
    public static final String GRAVEYARD = "wadi.graveyard";

    /** How long files stay that the table has no more, as its own properties say; empty when they do not. */
    public Optional<Duration> fileRetention() {
        return Optional.ofNullable(properties.get("delta.deletedFileRetentionDuration"))
                .map(text -> Interval.parse(table, text));
    }

    /** Live rows. */
    public long rows() {
        return files.values().stream().mapToLong(DataFile::liveRows).sum();
    }

    public long bytes() {
        return files.values().stream().mapToLong(DataFile::bytes).sum();
    }
}
