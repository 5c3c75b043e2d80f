package dev.wadi.engine;

import dev.wadi.contract.TableName;
import dev.wadi.table.TableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * A session in which the lake stands still: {@code gold.fact_orders} and the other pinned tables are views of one
 * version each, until it is closed. For one thread.
 */
public interface Pin extends AutoCloseable {
    /** The versions that are read, in the order of the table names. */
    Map<TableName, Long> versions();

    Connection connection();

    /** What DuckDB's words mean when they are about a file of a pinned table; empty when they are not. */
    Optional<TableException> explain(SQLException failure);

    @Override
    void close();
}
