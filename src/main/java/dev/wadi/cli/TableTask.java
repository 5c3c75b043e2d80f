package dev.wadi.cli;

import dev.wadi.contract.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** What a command asks for one table. {@code json} prints the result as a JSON document instead of text. */
public sealed interface TableTask {
    TableName table();

    boolean json();

    /** Tell the latest commits. */
    record History(TableName table, int limit, boolean json) implements TableTask {}

    /** Put small files together and drop deleted rows. */
    record Optimize(TableName table, boolean json) implements TableTask {}

    /**
     * Delete the files that no version needs any more.
     *
     * @param retention for how long versions stay readable; empty for what the table or the settings say
     * @param force whether the retention may be shorter than the safety age
     */
    record Vacuum(TableName table, Optional<Duration> retention, boolean dryRun, boolean force, boolean json)
            implements TableTask {}

    /** Bring back an older version, by its number or by a time; one of the two is there. */
    record Restore(TableName table, OptionalLong version, Optional<Instant> timestamp, boolean json)
            implements TableTask {}
}
