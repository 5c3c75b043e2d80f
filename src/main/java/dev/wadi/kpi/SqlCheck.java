package dev.wadi.kpi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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

    /** Aggregates whose values of two groups make, added, that of both. */
    private static final Set<String> ADDABLE =
            Set.of("sum", "count", "count_star", "count_if", "countif", "fsum", "sum_no_overflow");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;
    private final Set<TableName> created = new HashSet<>();

    SqlCheck() {
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot be opened to check the KPI definitions", e);
        }
    }

    /**
     * What is wrong with an aggregate over {@code table}; empty when nothing is.
     *
     * @param what the aggregate is: measure, numerator
     */
    Optional<String> measure(String what, Contract table, String measure, String time) {
        String select = "SELECT %s, (%s%n) FROM %s GROUP BY 1".formatted(Sql.name(time), measure, name(table.table()));
        try {
            String type = type(table, select, 2);
            return NUMBERS.stream().anyMatch(type::startsWith)
                    ? Optional.empty()
                    : Optional.of("the %s is a %s, not a number".formatted(what, type));
        } catch (SQLException e) {
            return Optional.of("DuckDB does not take the %s: %s".formatted(what, sentence(e)));
        }
    }

    /** The SQL type of the values of a measure that {@link #measure} has nothing against. */
    String valueType(Contract table, Measure measure) {
        try {
            return type(table, "SELECT (%s%n) FROM %s".formatted(measure.sql(), name(table.table())), 1);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not take " + measure, e);
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

    /**
     * Why the values of {@code measure} cannot be added up; empty when they can, or when it is no SQL at all. What can: sum and
     * count, and what is made of them by +, -, casts, 0 in place of null, and a constant factor.
     */
    Optional<String> notAddable(String measure) {
        try (PreparedStatement statement = connection.prepareStatement("SELECT json_serialize_sql(?)")) {
            statement.setString(1, "SELECT (%s%n)".formatted(measure));
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                JsonNode tree = JSON.readTree(result.getString(1));
                JsonNode expression = tree.at("/statements/0/node/select_list/0");
                return expression.isMissingNode() ? Optional.empty() : notAddable(expression);
            }
        } catch (SQLException | JsonProcessingException e) {
            throw new IllegalStateException("DuckDB does not take the measure apart: " + measure, e);
        }
    }

    private static Optional<String> notAddable(JsonNode expression) {
        String name = expression.path("function_name").asText();
        return switch (expression.path("class").asText()) {
            case "CAST" -> notAddable(expression.path("child"));
            case "CONSTANT" ->
                expression.at("/literal/text").asText().matches("0+([.]0*)?")
                        ? Optional.empty()
                        : Optional.of("a constant is counted once in each group");
            case "OPERATOR" ->
                expression.path("type").asText().equals("OPERATOR_COALESCE")
                        ? all(expression.path("children"))
                        : Optional.of(
                                "it is computed with " + expression.path("type").asText());
            case "FUNCTION" -> {
                JsonNode arguments = expression.path("arguments");
                if (ADDABLE.contains(name)) {
                    yield expression.path("distinct").asBoolean()
                            ? Optional.of("%s(DISTINCT ...) of two groups may count the same twice".formatted(name))
                            : Optional.empty();
                }
                if (name.equals("+") || name.equals("-")) {
                    yield all(arguments);
                }
                boolean factor = name.equals("*") || name.equals("/");
                if (factor && arguments.size() == 2 && constant(arguments.get(1))) {
                    yield notAddable(argument(arguments.get(0)));
                }
                if (name.equals("*") && arguments.size() == 2 && constant(arguments.get(0))) {
                    yield notAddable(argument(arguments.get(1)));
                }
                yield Optional.of("it is computed with %s, which is no sum".formatted(name));
            }
            default -> Optional.of("it is computed in a way that is no sum");
        };
    }

    private static Optional<String> all(JsonNode expressions) {
        for (JsonNode each : expressions) {
            Optional<String> reason = notAddable(argument(each));
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    private static boolean constant(JsonNode expression) {
        return argument(expression).path("class").asText().equals("CONSTANT");
    }

    /** An argument of a function stands in an object with its name. */
    private static JsonNode argument(JsonNode node) {
        return node.has("expression") ? node.get("expression") : node;
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
        String columns = table.stored().stream()
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
