package dev.wadi.poll;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Stands where no database is configured, so that a route that needs one fails with the cure and others go on. */
final class NoDatabase extends AbstractDataSource {
    @Override
    public Connection getConnection() throws SQLException {
        throw new SQLException("there is no database: set JDBC_URL, such as jdbc:postgresql://HOST/DATABASE?user=NAME");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }
}
