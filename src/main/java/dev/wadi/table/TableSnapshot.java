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
 * @param domains what the table remembers, by domain: those of Delta's {@code domainMetadata} that are Wadi's
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
    /** With what the names of Wadi's domains begin. */
    static final String DOMAINS = "wadi.";

    /** Deleted keys and the sequence of a truncate; what it holds is the merge's business. */
    public static final String GRAVEYARD = "wadi.graveyard";

    /** Before the name of a reader: how far it has read its source, as text that only it understands. */
    public static final String WATERMARK = "wadi.watermark.";

    /** How far {@code reader} has read its source, as of the commit of this version; empty when it never committed. */
    public Optional<String> watermark(String reader) {
        return Optional.ofNullable(domains.get(WATERMARK + reader));
    }

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
