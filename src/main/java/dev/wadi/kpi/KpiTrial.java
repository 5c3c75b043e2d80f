package dev.wadi.kpi;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.engine.Sql;
import dev.wadi.table.TableException;
import dev.wadi.yaml.Mistakes;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tests that definitions bring: each fills empty tables with its rows, asks its question as anyone would, and holds the
 * answer against what it expects. In a DuckDB of its own that is gone when this is closed.
 */
public final class KpiTrial implements AutoCloseable {
    /** Doubles that differ by less, of themselves, are the same. */
    private static final BigDecimal TOLERANCE = new BigDecimal("1e-9");

    private final Contracts contracts;
    private final DuckDBConnection connection;

    public KpiTrial(Contracts contracts) {
        this.contracts = contracts;
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
            run("SET GLOBAL TimeZone='UTC'");
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot be opened to run the tests of the KPIs", e);
        }
    }

    /** Runs all tests of all definitions. Returns how many there are; what is wrong is told with the line of its test. */
    public int run(Kpis kpis, Mistakes mistakes) {
        int count = 0;
        for (Kpi kpi : kpis.all()) {
            for (KpiTest test : kpis.tests(kpi.name())) {
                count++;
                mistake(kpi, test)
                        .ifPresent(text -> mistakes.add(
                                test.file(), test.line(), "the test '%s' %s".formatted(test.name(), text)));
            }
        }
        return count;
    }

    private Optional<String> mistake(Kpi kpi, KpiTest test) {
        try {
            Question question = QuestionReader.read(kpi, test.ask(), Clock.systemUTC(), Claims.OPEN);
            for (TableName table : question.tables()) {
                fill(contracts.get(table), test.rows().getOrDefault(table, List.of()));
            }
            Answer answer = new Answers(new FixedRows()).answer(question).answer();
            return same(answer, test.expect())
                    ? Optional.empty()
                    : Optional.of("expects %s, and the answer is %s. Correct the definition or the test."
                            .formatted(test.expect(), rows(answer)));
        } catch (QuestionException wrong) {
            return Optional.of("asks no question: " + wrong.getMessage());
        } catch (SQLException e) {
            return Optional.of("has rows that do not fit their table: %s. Correct them."
                    .formatted(
                            String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        } catch (IllegalStateException e) {
            return Optional.of("has no answer: %s. Correct the definition."
                    .formatted(String.valueOf(
                                    Objects.requireNonNullElse(e.getCause(), e).getMessage())
                            .replaceAll("\\s+", " ")));
        }
    }

    private void fill(Contract table, List<Map<String, @Nullable String>> rows) throws SQLException {
        String name =
                Sql.name(table.table().layer()) + "." + Sql.name(table.table().name());
        run("CREATE SCHEMA IF NOT EXISTS " + Sql.name(table.table().layer()));
        run("CREATE OR REPLACE TABLE %s (%s)"
                .formatted(
                        name,
                        table.stored().stream()
                                .map(column -> Sql.name(column.name()) + " "
                                        + column.type().sql())
                                .collect(Collectors.joining(", "))));
        Map<String, String> types = table.stored().stream()
                .collect(Collectors.toMap(Column::name, column -> column.type().sql()));
        for (Map<String, @Nullable String> row : rows) {
            List<String> columns = List.copyOf(row.keySet());
            String sql = "INSERT INTO %s (%s) VALUES (%s)"
                    .formatted(
                            name,
                            columns.stream().map(Sql::name).collect(Collectors.joining(", ")),
                            columns.stream()
                                    .map(column -> "CAST(? AS %s)".formatted(types.get(column)))
                                    .collect(Collectors.joining(", ")));
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                for (int n = 0; n < columns.size(); n++) {
                    insert.setObject(n + 1, row.get(columns.get(n)));
                }
                insert.execute();
            }
        }
    }

    private static boolean same(Answer answer, List<Map<String, @Nullable String>> expected) {
        if (answer.rows().size() != expected.size()) {
            return false;
        }
        int n = 0;
        for (Map<String, @Nullable Object> row : rows(answer)) {
            for (Map.Entry<String, @Nullable String> value : expected.get(n++).entrySet()) {
                if (!row.containsKey(value.getKey()) || !same(row.get(value.getKey()), value.getValue())) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean same(@Nullable Object value, @Nullable String expected) {
        if (value == null || expected == null) {
            return value == expected;
        }
        if (value instanceof Number) {
            try {
                BigDecimal number = new BigDecimal(value.toString());
                BigDecimal difference =
                        number.subtract(new BigDecimal(expected)).abs();
                return difference.signum() == 0
                        || (value instanceof Double
                                && difference.compareTo(number.abs().multiply(TOLERANCE)) <= 0);
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return AnswerJson.text(value).equals(expected);
    }

    private static Map<String, @Nullable Object> named(Answer answer, List<@Nullable Object> row) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int n = 0; n < row.size(); n++) {
            named.put(answer.columns().get(n).name(), row.get(n));
        }
        return named;
    }

    private static List<Map<String, @Nullable Object>> rows(Answer answer) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (List<@Nullable Object> row : answer.rows()) {
            rows.add(named(answer, row));
        }
        return rows;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot be closed after the tests of the KPIs", e);
        }
    }

    /** The tables as they are filled now; they have no versions. */
    private final class FixedRows implements Reading {
        @Override
        public Map<TableName, Long> versions(Set<TableName> tables, Moment moment) {
            Map<TableName, Long> versions = new TreeMap<>();
            tables.forEach(table -> versions.put(table, 0L));
            return versions;
        }

        @Override
        public Pin pin(Set<TableName> tables, Moment moment) {
            Map<TableName, Long> versions = versions(tables, moment);
            Connection session;
            try {
                session = connection.duplicate();
            } catch (SQLException e) {
                throw new IllegalStateException("DuckDB opens no session", e);
            }
            return new Pin() {
                @Override
                public Map<TableName, Long> versions() {
                    return versions;
                }

                @Override
                public Connection connection() {
                    return session;
                }

                @Override
                public Optional<TableException> explain(SQLException failure) {
                    return Optional.empty();
                }

                @Override
                public void close() {
                    try {
                        session.close();
                    } catch (SQLException e) {
                        throw new IllegalStateException("A session did not close", e);
                    }
                }
            };
        }
    }
}
