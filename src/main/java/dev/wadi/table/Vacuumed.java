package dev.wadi.table;

import dev.wadi.contract.TableName;
import java.time.Duration;
import java.util.List;

/**
 * What a vacuum did.
 *
 * @param version the newest version when it ran
 * @param retention for how long versions stay readable
 * @param files what it deleted, or would delete, relative to the table's folder
 * @param bytes of these files
 * @param held files that it left because a reader in this process holds them
 * @param dryRun whether nothing was deleted
 */
public record Vacuumed(
        TableName table, long version, Duration retention, List<String> files, long bytes, int held, boolean dryRun) {}
