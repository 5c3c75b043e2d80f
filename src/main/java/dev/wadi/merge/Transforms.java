package dev.wadi.merge;

import dev.wadi.contract.TableName;

/** Runs SELECTs over pinned versions and merges what they give, each version of the source exactly once. */
public final class Transforms {

    /**
     * A SELECT from the lake into a table.
     *
     * @param id names its progress in the target's log; the route id
     * @param source the table whose changes drive it. In the SELECT, {@code changes} is a view of the rows of
     *     {@code source} that were inserted or updated since the last run (all rows at the first), and
     *     {@code layer.name} is any table as a whole
     * @param sql one SELECT whose columns have the names of the target's columns
     */
    public record Transform(String id, TableName source, TableName target, String sql) {}

    /** Brings {@code target} up to the newest version of {@code source}. */
    public MergeOutcome run(Transform transform) {
        throw new UnsupportedOperationException("soon");
    }

    /** Merges what a SELECT gives that is driven by no table, such as a calendar. Running it again changes nothing. */
    public MergeOutcome run(String id, TableName target, String sql) {
        throw new UnsupportedOperationException("soon");
    }
}
