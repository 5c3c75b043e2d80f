package dev.wadi.cli;

import dev.wadi.local.Settings;
import dev.wadi.local.StartException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;

/** Runs a statement in the database that routes read, so that they can be tried without another client. */
public final class SqlDesk {
    private final PrintStream out;
    private final PrintStream err;

    public SqlDesk(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Prints the rows, columns by tabs, or how many were changed; returns the exit code of the process. */
    public int run(String statement) {
        try {
            return Configured.run(
                    configuration -> run(statement, Settings.read(configuration).database()));
        } catch (StartException e) {
            err.println(e.getMessage());
            return TableDesk.REFUSED;
        }
    }

    int run(String statement, String jdbcUrl) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement running = connection.createStatement()) {
            if (!running.execute(statement)) {
                out.println(running.getUpdateCount() + " rows");
                return TableDesk.DONE;
            }
            try (ResultSet rows = running.getResultSet()) {
                print(rows);
            }
            return TableDesk.DONE;
        } catch (SQLException e) {
            err.println(told(e, "set JDBC_URL to a database that runs"));
            return TableDesk.FAILED;
        }
    }

    /** What a database complains of; of one that is not there also the cure, {@code other} than starting Wadi. */
    static String told(SQLException failure, String other) {
        String state = failure.getSQLState();
        return state != null && state.startsWith("08")
                ? "%s Start Wadi first (the embedded PostgreSQL runs with it), or %s."
                        .formatted(failure.getMessage(), other)
                : String.valueOf(failure.getMessage());
    }

    private void print(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        StringJoiner names = new StringJoiner("\t");
        for (int i = 1; i <= columns; i++) {
            names.add(rows.getMetaData().getColumnLabel(i));
        }
        out.println(names);
        while (rows.next()) {
            StringJoiner values = new StringJoiner("\t");
            for (int i = 1; i <= columns; i++) {
                values.add(String.valueOf(rows.getString(i)));
            }
            out.println(values);
        }
    }
}
