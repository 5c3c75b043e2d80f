package dev.wadi.engine;

import dev.wadi.contract.TableName;
import dev.wadi.table.TableException;
import dev.wadi.table.TableSnapshot;
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

    /** The snapshots of the tables that are read; empty where they are no tables of a lake. */
    default Map<TableName, TableSnapshot> snapshots() {
        return Map.of();
    }

    /** What DuckDB's words mean when they are about a file of a pinned table; empty when they are not. */
    Optional<TableException> explain(SQLException failure);

    @Override
    void close();
}
