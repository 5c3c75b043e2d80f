package dev.wadi.route;

import dev.wadi.contract.TableName;

/**
 * What a route that runs makes of a table: {@code from: delta:source}, {@code to: delta:target?query=...}.
 *
 * @param route its id, which names its progress in the target's log
 */
public record Flow(String route, TableName source, TableName target) {}
