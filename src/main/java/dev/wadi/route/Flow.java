package dev.wadi.route;

import dev.wadi.contract.TableName;

/**
 * What a route that runs makes of a table: {@code from: delta:source}, {@code to: delta:target?query=...}.
 *
 * @param route its id, which names its progress in the target's log
 * @param sql the SELECT; empty when the rows go on as they are
 */
public record Flow(String route, TableName source, TableName target, String sql) {
    /** A flow of which the SELECT does not matter. */
    public Flow(String route, TableName source, TableName target) {
        this(route, source, target, "");
    }
}
