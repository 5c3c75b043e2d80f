package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.lineage.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** How fresh tables are, and waiting until they are fresher. */
interface Timeliness {
    /** @see dev.wadi.lineage.Freshness#watermark */
    Instant watermark(Set<TableName> tables);

    /** @see Patience#untilFresh */
    Instant untilFresh(Set<TableName> tables, Duration age, Duration limit) throws InterruptedException;

    /** @see Patience#until */
    Patience.Arrived until(String receipt, Set<TableName> tables, Duration limit) throws InterruptedException;

    /** Calls {@code news} whenever one of the tables has a new version, until closed. */
    AutoCloseable listen(Set<TableName> tables, Runnable news);
}
