package dev.wadi.engine;

import dev.wadi.contract.TableName;
import java.sql.Connection;
import java.util.Map;

/**
 * A session in which the lake stands still: {@code gold.fact_orders} and the other pinned tables are views of one
 * version each, until it is closed. For one thread.
 */
public interface Pin extends AutoCloseable {
    /** The versions that are read, in the order of the table names. */
    Map<TableName, Long> versions();

    Connection connection();

    @Override
    void close();
}
