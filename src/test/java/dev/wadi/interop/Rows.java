package dev.wadi.interop;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows as text, the same for every reader: one string a row, in order. Dates and instants are in ISO form (UTC), decimals
 * with all digits of their scale, doubles as Java writes them ({@code -0.0}, {@code NaN}).
 */
final class Rows {
    private static final String NULL = "\u2400";

    private Rows() {}

    static List<String> of(List<List<@Nullable String>> rows) {
        return rows.stream()
                .map(row -> String.join(
                        " | ",
                        row.stream()
                                .map(value -> Objects.requireNonNullElse(value, NULL))
                                .toList()))
                .sorted()
                .toList();
    }

    /** What DuckDB answers. */
    static List<List<@Nullable String>> read(Statement statement, String sql) throws SQLException {
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(text(result.getObject(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case BigDecimal decimal -> decimal.toPlainString();
            case OffsetDateTime time -> time.toInstant().toString();
            default -> value.toString();
        };
    }
}
