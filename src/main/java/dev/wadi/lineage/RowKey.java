package dev.wadi.lineage;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.engine.Sql;
import dev.wadi.engine.Workspace;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The key of a row as a person writes it: a value for each key column of the table, in their order. */
public record RowKey(Contract contract, List<String> texts) {
    /** The table of one row in a workspace that {@link #define} makes. */
    static final String TABLE = "wanted";

    public RowKey {
        texts = List.copyOf(texts);
    }

    /** No key of the table. The message says what to write. */
    public static final class WrongKeyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient List<String> allowed;

        WrongKeyException(String message, List<String> allowed) {
            super(message);
            this.allowed = allowed;
        }

        /** The form of a key. */
        public List<String> allowed() {
            return allowed;
        }
    }

    /** Values between commas; {@code \,} is a comma of a value, and {@code \\} a backslash. */
    public static RowKey read(Contract contract, String text) {
        List<String> texts = new ArrayList<>();
        StringBuilder each = new StringBuilder();
        for (int n = 0; n < text.length(); n++) {
            char c = text.charAt(n);
            if (c == '\\' && n + 1 < text.length()) {
                each.append(text.charAt(++n));
            } else if (c == ',') {
                texts.add(each.toString());
                each.setLength(0);
            } else {
                each.append(c);
            }
        }
        texts.add(each.toString());
        if (texts.size() != contract.primaryKey().size()) {
            throw wrong(
                    contract, "'%s' has %d %s".formatted(text, texts.size(), texts.size() == 1 ? "value" : "values"));
        }
        return new RowKey(contract, texts);
    }

    private static WrongKeyException wrong(Contract contract, String problem) {
        String form = String.join(",", contract.primaryKey());
        return new WrongKeyException(
                "%s, and a row of %s is told by %s. Write a value for each of them, in this order, with commas between: %s. A comma in a value is \\,."
                        .formatted(problem, contract.table(), String.join(" and ", contract.primaryKey()), form),
                List.of(form));
    }

    /**
     * Makes {@link #TABLE} in a workspace.
     *
     * @return the values, as DuckDB reads them
     * @throws WrongKeyException when one of them is none of its column's type
     */
    Map<String, String> define(Workspace workspace) throws SQLException {
        List<Column> columns =
                contract.primaryKey().stream().map(contract::column).toList();
        String table = workspace.table(TABLE);
        workspace.execute("CREATE OR REPLACE TABLE %s (%s)"
                .formatted(
                        table,
                        columns.stream()
                                .map(column -> Sql.name(column.name()) + " "
                                        + column.type().sql())
                                .collect(Collectors.joining(", "))));
        String casts = columns.stream()
                .map(column -> "TRY_CAST(? AS %s)".formatted(column.type().sql()))
                .collect(Collectors.joining(", "));
        try (PreparedStatement insert =
                workspace.session().prepareStatement("INSERT INTO %s VALUES (%s)".formatted(table, casts))) {
            for (int n = 0; n < texts.size(); n++) {
                insert.setString(n + 1, texts.get(n));
            }
            insert.executeUpdate();
        }
        Map<String, String> values = new LinkedHashMap<>();
        try (Statement statement = workspace.session().createStatement();
                ResultSet row = statement.executeQuery("SELECT COLUMNS(*)::VARCHAR FROM " + table)) {
            row.next();
            for (int n = 0; n < columns.size(); n++) {
                String value = row.getString(n + 1);
                if (value == null) {
                    throw wrong(
                            contract,
                            "'%s' is no value of %s, which is %s"
                                    .formatted(
                                            texts.get(n),
                                            columns.get(n).name(),
                                            columns.get(n).type().sql()));
                }
                values.put(columns.get(n).name(), value);
            }
        }
        return values;
    }

    /** Whether a row, under the alias {@code row}, has the key, under the alias {@code w}. */
    String same(String row) {
        return contract.primaryKey().stream()
                .map(name -> "%s.%s = w.%s".formatted(row, Sql.name(name), Sql.name(name)))
                .collect(Collectors.joining(" AND "));
    }
}
