package dev.wadi.kpi;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks DuckDB whether the SQL of a definition fits its table, on empty tables with the columns of the contracts, in a
 * database of its own that is gone when this is closed.
 */
final class SqlCheck implements AutoCloseable {
    private static final List<String> NUMBERS = List.of(
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL");

    private final Connection connection;
    private final Set<TableName> created = new HashSet<>();

    SqlCheck() {
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot be opened to check the KPI definitions", e);
        }
    }

    /** What is wrong with an aggregate over {@code table}; empty when nothing is. */
    Optional<String> measure(Contract table, String measure, String time) {
        String select = "SELECT %s, (%s%n) FROM %s GROUP BY 1".formatted(Sql.name(time), measure, name(table.table()));
        try {
            String type = type(table, select, 2);
            return NUMBERS.stream().anyMatch(type::startsWith)
                    ? Optional.empty()
                    : Optional.of("the measure is a %s, not a number".formatted(type));
        } catch (SQLException e) {
            return Optional.of("DuckDB does not take the measure: " + sentence(e));
        }
    }

    /** What is wrong with a condition on the rows of {@code table}; empty when nothing is. */
    Optional<String> filter(Contract table, String filter) {
        String select = "SELECT (%s%n) FROM %s".formatted(filter, name(table.table()));
        try {
            String type = type(table, select, 1);
            return type.equals("BOOLEAN")
                    ? Optional.empty()
                    : Optional.of("the filter is a %s, not a condition".formatted(type));
        } catch (SQLException e) {
            return Optional.of("DuckDB does not take the filter: " + sentence(e));
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot be closed after checking the KPI definitions", e);
        }
    }

    private static String name(TableName table) {
        return Sql.name(table.layer()) + "." + Sql.name(table.name());
    }

    private String type(Contract table, String select, int column) throws SQLException {
        create(table);
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            return statement.getMetaData().getColumnTypeName(column);
        }
    }

    private void create(Contract table) throws SQLException {
        if (!created.add(table.table())) {
            return;
        }
        String columns = table.columns().stream()
                .map(column -> Sql.name(column.name()) + " " + column.type().sql())
                .collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE SCHEMA IF NOT EXISTS " + Sql.name(table.table().layer()));
            statement.execute("CREATE TABLE %s (%s)".formatted(name(table.table()), columns));
        }
    }

    /** DuckDB's message without the copy of the statement, in one line. */
    private static String sentence(SQLException e) {
        String message = String.valueOf(e.getMessage());
        int copy = message.indexOf("LINE ");
        return (copy < 0 ? message : message.substring(0, copy)).strip().replaceAll("\\s+", " ");
    }
}
