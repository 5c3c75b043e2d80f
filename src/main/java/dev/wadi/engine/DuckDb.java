package dev.wadi.engine;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/**
 * The one DuckDB instance of the process. Its memory and threads are set, never left to the size of the machine; it works in
 * UTC; it neither loads nor downloads extensions.
 */
public final class DuckDb implements AutoCloseable {
    private final DuckDBConnection instance;

    /**
     * @param memory the most it takes, with a unit: {@code 1GB}
     * @param spill folder for what does not fit
     */
    public DuckDb(String memory, int threads, Path spill) {
        Properties settings = new Properties();
        settings.setProperty("memory_limit", memory);
        settings.setProperty("threads", Integer.toString(threads));
        settings.setProperty("temp_directory", spill.toString());
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("preserve_insertion_order", "false");
        try {
            instance = DriverManager.getConnection("jdbc:duckdb:", settings).unwrap(DuckDBConnection.class);
            try (Statement statement = instance.createStatement()) {
                statement.execute("SET GLOBAL TimeZone='UTC'");
                // Data files never change. What is remembered of them makes room when memory is short.
                statement.execute("SET GLOBAL parquet_metadata_cache=true");
            }
        } catch (SQLException e) {
            throw new EngineException(
                    "DuckDB cannot start with memory %s and %d threads: %s. Check WADI_DUCKDB_MEMORY (such as 1GB) and WADI_DUCKDB_THREADS"
                            .formatted(memory, threads, e.getMessage()),
                    e);
        }
    }

    /** A new session on the shared instance; the caller closes it. */
    public Connection open() {
        try {
            return instance.duplicate();
        } catch (SQLException e) {
            throw new EngineException("DuckDB opens no session: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            instance.close();
        } catch (SQLException e) {
            throw new EngineException("DuckDB did not close: " + e.getMessage(), e);
        }
    }
}
