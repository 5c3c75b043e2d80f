package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** What answers need of the lake: versions, cheaply, and a session on them. */
public interface Reading {
    /** The newest version of each table, without reading any of them. */
    Map<TableName, Long> versions(Set<TableName> tables);

    /** The newest version of each table that was committed at {@code asOf} or before. */
    Map<TableName, Long> versions(Set<TableName> tables, Instant asOf);

    /** A session on the newest versions; the caller closes it. */
    Pin pin(Set<TableName> tables);

    /** A session on the versions of {@code asOf}; the caller closes it. */
    Pin pin(Set<TableName> tables, Instant asOf);
}
