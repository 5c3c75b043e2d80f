package dev.wadi.engine;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.contract.ContractException;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.Origin;
import dev.wadi.contract.Rule;
import dev.wadi.yaml.Spelling;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tries the SQL in contracts, which only DuckDB understands, on a table without rows: what a merge could not run is told when
 * Wadi starts, and not when the first row comes.
 */
public final class ContractSql {
    private final DuckDb duckDb;

    public ContractSql(DuckDb duckDb) {
        this.duckDb = duckDb;
    }

    /** @throws ContractException with a line for each expression that cannot be used: file, property, problem, cure */
    public void check(Contracts contracts) {
        refuse(mistakes(contracts));
    }

    /** A line for each expression that cannot be used: file, line, property, problem, cure. */
    public List<String> mistakes(Contracts contracts) {
        List<String> mistakes = new ArrayList<>();
        contracts.all().forEach(contract -> {
            mistakes.addAll(mistakes(contract));
            mistakes.addAll(originMistakes(contract, contracts));
        });
        return mistakes;
    }

    private List<String> originMistakes(Contract contract, Contracts contracts) {
        List<String> mistakes = new ArrayList<>();
        for (Origin origin : contract.origins()) {
            Contract from = contracts.find(origin.table()).orElse(null);
            if (from == null) {
                mistakes.add("%s: madeFrom: no contract describes the table %s. %s"
                        .formatted(
                                place(contract, origin.table().toString()),
                                origin.table(),
                                Spelling.cure(
                                        origin.table().toString(),
                                        contracts.all().stream()
                                                .map(each -> each.table().toString())
                                                .toList())));
                continue;
            }
            try (Workspace workspace = Workspace.open(duckDb)) {
                String made = stored(workspace, "made", contract);
                String source = stored(workspace, "source", from);
                workspace.execute(
                        "SELECT (\n%s\n)::BOOLEAN FROM %s AS t, %s AS s".formatted(origin.rows(), made, source));
            } catch (SQLException e) {
                mistakes.add(
                        "%s: madeFrom %s: %s. It is a condition on a row t of %s and a row s of %s, such as s.id = t.id: correct it."
                                .formatted(
                                        place(contract, origin.rows()),
                                        origin.table(),
                                        firstLine(String.valueOf(e.getMessage())),
                                        contract.table(),
                                        origin.table()));
            }
        }
        return mistakes;
    }

    private static String stored(Workspace workspace, String name, Contract contract) throws SQLException {
        String table = workspace.table(name);
        workspace.execute("CREATE TABLE %s (%s)"
                .formatted(
                        table,
                        contract.stored().stream()
                                .map(column -> Sql.name(column.name()) + " "
                                        + column.type().sql())
                                .collect(Collectors.joining(", "))));
        return table;
    }

    /** @throws ContractException with a line for each expression that cannot be used: file, property, problem, cure */
    public void check(Contract contract) {
        refuse(mistakes(contract));
    }

    private static void refuse(List<String> mistakes) {
        if (!mistakes.isEmpty()) {
            throw new ContractException(String.join("\n", mistakes));
        }
    }

    private List<String> mistakes(Contract contract) {
        Map<String, String> conditions = new LinkedHashMap<>();
        if (contract.merging().deleteWhen() != null) {
            conditions.put("deleteWhen", contract.merging().deleteWhen());
        }
        if (contract.merging().truncateWhen() != null) {
            conditions.put("truncateWhen", contract.merging().truncateWhen());
        }
        for (Rule rule : contract.rules()) {
            conditions.put("the rule '%s'".formatted(rule.name()), rule.condition());
        }
        List<Column> derived = contract.columns().stream()
                .filter(column -> column.derivedBy() != null)
                .toList();
        List<String> mistakes = new ArrayList<>();
        if (conditions.isEmpty() && derived.isEmpty()) {
            return mistakes;
        }
        try (Workspace workspace = Workspace.open(duckDb)) {
            String arriving = empty(workspace, "arriving", contract, column -> column.derivedBy() == null);
            for (Column column : derived) {
                String mistake = mistake(
                        workspace,
                        arriving,
                        String.valueOf(column.derivedBy()),
                        column.type().sql(),
                        "the columns that rows bring");
                if (mistake != null) {
                    mistakes.add("%s: column '%s', derivedBy: %s"
                            .formatted(place(contract, String.valueOf(column.derivedBy())), column.name(), mistake));
                }
            }
            String whole = empty(workspace, "whole", contract, column -> true);
            conditions.forEach((name, condition) -> {
                String mistake = mistake(workspace, whole, condition, "BOOLEAN", "the columns of the contract");
                if (mistake != null) {
                    mistakes.add("%s: %s: %s".formatted(place(contract, condition), name, mistake));
                }
            });
        } catch (SQLException e) {
            throw new EngineException(
                    "%s: the SQL in the contract could not be tried: %s".formatted(contract.file(), e.getMessage()), e);
        }
        return mistakes;
    }

    /** The file, with the line of an expression where it stands as it is. */
    private static String place(Contract contract, String expression) {
        try {
            String start = expression.lines().findFirst().orElse("").strip();
            List<String> lines = Files.readAllLines(contract.file());
            for (int line = 0; line < lines.size(); line++) {
                if (lines.get(line).contains(start)) {
                    return "%s:%d".formatted(contract.file(), line + 1);
                }
            }
        } catch (IOException e) {
            // a contract that was not read from a file
            return contract.file().toString();
        }
        return contract.file().toString();
    }

    private static String empty(Workspace workspace, String name, Contract contract, Predicate<Column> which)
            throws SQLException {
        String table = workspace.table(name);
        workspace.execute("CREATE TABLE %s (%s)"
                .formatted(
                        table,
                        contract.columns().stream()
                                .filter(which)
                                .map(column -> Sql.name(column.name()) + " "
                                        + column.type().sql())
                                .collect(Collectors.joining(", "))));
        return table;
    }

    /** Problem and cure; null when {@code expression} gives a value of {@code type} for a row, by itself. */
    private static @Nullable String mistake(
            Workspace workspace, String table, String expression, String type, String columns) {
        // in WHERE, too: there an aggregate is none
        String select =
                "SELECT (\n%s\n) AS value FROM %s WHERE (\n%s\n) IS NULL".formatted(expression, table, expression);
        String found;
        boolean fits;
        try (PreparedStatement statement = workspace.session().prepareStatement(select)) {
            if (statement.getParameterMetaData().getParameterCount() > 0) {
                return "it has a place for a value (? or $), and nobody fills it. Write the value itself.";
            }
            try (ResultSet rows = statement.executeQuery()) {
                found = rows.getMetaData().getColumnTypeName(1);
            }
            fits = workspace.count("SELECT can_cast_implicitly(NULL::%s, NULL::%s)::INTEGER".formatted(found, type))
                    == 1;
        } catch (SQLException e) {
            return "%s. It is one SQL expression over %s, such as op = 'D': correct it."
                    .formatted(firstLine(String.valueOf(e.getMessage())), columns);
        }
        if (type.equals("BOOLEAN") && !found.equals(type)) {
            return "it gives %s, not true or false. Compare it with something, such as amount > 0.".formatted(found);
        }
        if (!fits) {
            return "it gives %s, where %s is needed. Add a cast, or write another expression.".formatted(found, type);
        }
        return null;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("DuckDB refuses it").strip();
    }
}
