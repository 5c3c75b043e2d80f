package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import java.util.Map;
import java.util.Set;

/** What answers need of the lake: versions, cheaply, and a session on them. */
public interface Reading {
    /** The version of each table at a moment, without reading any of them. */
    Map<TableName, Long> versions(Set<TableName> tables, Moment moment);

    /** A session on the versions of a moment; the caller closes it. */
    Pin pin(Set<TableName> tables, Moment moment);
}
