package dev.wadi.engine;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.yaml.Spelling;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plans a SELECT that fills a table over tables without rows that have the columns of the contracts, and compares what it gives
 * with the contract of that table. Nothing is read or written.
 */
public final class QueryCheck {
    private static final Pattern LINE = Pattern.compile("\\bLINE (\\d+):");
    private static final Pattern MISSING_TABLE = Pattern.compile("Table with name \"?([\\w.]+)\"? does not exist");
    private static final Pattern CANDIDATES = Pattern.compile("(?:Candidate bindings|Did you mean):?\\s*(.*)");
    /** Lines that stand before the query in the statement that is planned. */
    private static final int BEFORE = 1;

    private final DuckDb duckDb;
    private final Contracts contracts;

    /**
     * What is wrong.
     *
     * @param line of the query, from 1; 0 when it is the query as a whole
     * @param text problem and cure
     */
    public record Mistake(int line, String text) {}

    public QueryCheck(DuckDb duckDb, Contracts contracts) {
        this.duckDb = duckDb;
        this.contracts = contracts;
    }

    /** @param source the table whose changes are the views {@code changes}, {@code removed} and {@code replaced}; null when there are none */
    public Optional<Mistake> mistake(@Nullable TableName source, TableName target, String sql) {
        if (sql.isBlank()) {
            return Optional.of(new Mistake(0, "the file is empty: write one SELECT that fills %s".formatted(target)));
        }
        try (Workspace workspace = Workspace.open(duckDb)) {
            workspace.execute("USE " + workspace.catalog());
            for (Contract contract : contracts.all()) {
                create(workspace, contract, sql);
            }
            Optional<Contract> driver = source == null ? Optional.empty() : contracts.find(source);
            if (driver.isPresent()) {
                workspace.execute("CREATE TABLE changes (%s)".formatted(columns(driver.get())));
                workspace.execute("CREATE TABLE removed (%s)".formatted(columns(driver.get())));
                workspace.execute("CREATE TABLE replaced (%s)".formatted(columns(driver.get())));
            }
            Map<String, String> given;
            try {
                given = describe(workspace.session(), sql);
            } catch (SQLException e) {
                return Optional.of(refused(e, source, sql));
            }
            return contracts.find(target).flatMap(contract -> fit(workspace, contract, given, sql));
        } catch (SQLException e) {
            throw new EngineException("The query for %s could not be tried: %s".formatted(target, e.getMessage()), e);
        }
    }

    /** Only the tables that the query may name: a lake has many. */
    private static void create(Workspace workspace, Contract contract, String sql) throws SQLException {
        TableName name = contract.table();
        if (sql.contains(name.name())) {
            workspace.execute("CREATE SCHEMA IF NOT EXISTS " + Sql.name(name.layer()));
            workspace.execute("CREATE TABLE %s.%s (%s)"
                    .formatted(Sql.name(name.layer()), Sql.name(name.name()), columns(contract)));
        }
    }

    private static String columns(Contract contract) {
        return contract.stored().stream()
                .map(column -> Sql.name(column.name()) + " " + column.type().sql())
                .collect(Collectors.joining(", "));
    }

    /** Names and types of what a query gives. */
    private static Map<String, String> describe(Connection session, String sql) throws SQLException {
        Map<String, String> given = new LinkedHashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet columns = statement.executeQuery("DESCRIBE SELECT * FROM (\n%s\n)".formatted(sql))) {
            while (columns.next()) {
                given.put(columns.getString("column_name"), columns.getString("column_type"));
            }
        }
        return given;
    }

    private static Optional<Mistake> fit(Workspace workspace, Contract target, Map<String, String> given, String sql) {
        List<String> missing = new ArrayList<>();
        for (Column column : target.columns()) {
            String name = column.name();
            if (column.derivedBy() != null) {
                continue;
            }
            if (given.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                String near = Spelling.nearest(name, given.keySet());
                missing.add(near == null ? name : "%s (is it %s?)".formatted(name, near));
            }
        }
        if (!missing.isEmpty()) {
            return Optional.of(new Mistake(
                    0,
                    "the SELECT gives no %s, which %s has: add %s, such as NULL AS %s"
                            .formatted(
                                    String.join(", ", missing),
                                    target.table(),
                                    missing.size() == 1 ? "it" : "them",
                                    missing.getFirst().split(" ")[0])));
        }
        for (Column column : target.columns()) {
            String found = given.entrySet().stream()
                    .filter(each -> each.getKey().equalsIgnoreCase(column.name()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
            if (column.derivedBy() == null
                    && !casts(workspace, found, column.type().sql())) {
                return Optional.of(new Mistake(
                        line(sql, column.name()),
                        "%s is %s here and %s in %s, and DuckDB cannot cast it: write another expression for it"
                                .formatted(column.name(), found, column.type().sql(), target.table())));
            }
        }
        return Optional.empty();
    }

    private static boolean casts(Workspace workspace, String from, String to) {
        try {
            workspace.count("SELECT count(NULL::%s::%s)".formatted(from, to));
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static int line(String sql, String word) {
        List<String> lines = sql.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(word)) {
                return i + 1;
            }
        }
        return 0;
    }

    private Mistake refused(SQLException refusal, @Nullable TableName source, String sql) {
        String message = String.valueOf(refusal.getMessage());
        Matcher line = LINE.matcher(message);
        int at = line.find() ? Integer.parseInt(line.group(1)) - BEFORE : 0;
        String first = message.lines().findFirst().orElse("DuckDB refuses it").strip();
        Matcher missing = MISSING_TABLE.matcher(message);
        if (missing.find()) {
            String name = missing.group(1);
            List<String> known = new ArrayList<>(contracts.all().stream()
                    .map(contract -> contract.table().toString())
                    .toList());
            if (source != null) {
                known.add("changes");
                known.add("removed");
                known.add("replaced");
            } else if (List.of("changes", "removed", "replaced").contains(name)) {
                return new Mistake(
                        at,
                        "there are no `%s` here, because the route is not `from: delta:TABLE`: name a table, or have the route driven by one"
                                .formatted(name));
            }
            return new Mistake(
                    at, "there is no table %s: %s".formatted(name, Spelling.cure(written(name, sql), known)));
        }
        Matcher candidates = CANDIDATES.matcher(message);
        return new Mistake(
                at,
                "%s: %s"
                        .formatted(
                                first,
                                candidates.find()
                                        ? "write one of " + candidates.group(1).strip()
                                        : "correct the SELECT: it is one statement without a semicolon, over `changes` and tables by layer.name"));
    }

    /** DuckDB leaves the schema out; the query has it. */
    private static String written(String table, String sql) {
        Matcher whole = Pattern.compile("([a-z_][a-z0-9_]*\\." + Pattern.quote(table) + ")\\b")
                .matcher(sql);
        return whole.find() ? String.valueOf(whole.group(1)) : table;
    }
}
