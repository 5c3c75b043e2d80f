package dev.wadi.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** A DuckDB catalog in memory for the tables of one piece of work; it goes when it is closed. For one thread. */
public final class Workspace implements AutoCloseable {
    private static final AtomicLong LAST = new AtomicLong();

    private final DuckDb duckDb;
    private final Connection session;
    private final List<Runnable> closing = new ArrayList<>();
    private final String name = "work_" + LAST.incrementAndGet();

    private Workspace(DuckDb duckDb, Connection session) {
        this.duckDb = duckDb;
        this.session = session;
        try {
            execute("ATTACH ':memory:' AS " + name);
        } catch (SQLException e) {
            EngineException failure = new EngineException("No room to work in: " + e.getMessage(), e);
            try {
                session.close();
            } catch (SQLException more) {
                failure.addSuppressed(more);
            }
            throw failure;
        }
    }

    /** A workspace with a session of its own. */
    public static Workspace open(DuckDb duckDb) {
        return new Workspace(duckDb, duckDb.open());
    }

    /** Another workspace, with a session of its own, on the same engine. */
    public Workspace another() {
        return open(duckDb);
    }

    /** Name of the catalog. */
    String catalog() {
        return name;
    }

    /** The qualified name of a table of this workspace; {@code table} is a name from code, never from a user. */
    public String table(String table) {
        return name + ".main." + table;
    }

    public Connection session() {
        return session;
    }

    /** Runs {@code last} when this is closed. */
    void whenClosed(Runnable last) {
        closing.add(last);
    }

    /** Appends rows to a table of this workspace; the caller closes it. */
    public DuckDBAppender appender(String table) throws SQLException {
        return session.unwrap(DuckDBConnection.class).createAppender(name, "main", table);
    }

    public void execute(String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row of an aggregate. */
    public long count(String sql) throws SQLException {
        try (Statement statement = session.createStatement();
                java.sql.ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
        closing.clear();
        try {
            session.close();
            // A catalog cannot be detached while a session stands in it, so another session does it.
            try (Connection other = duckDb.open();
                    Statement statement = other.createStatement()) {
                statement.execute("DETACH " + name);
            }
        } catch (SQLException e) {
            throw new EngineException("The workspace %s did not close: %s".formatted(name, e.getMessage()), e);
        }
    }
}
