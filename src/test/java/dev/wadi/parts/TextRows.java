package dev.wadi.parts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Rows as texts to compare: the values joined by {@code |}; null is {@code ~}. */
final class TextRows {
    private TextRows() {}

    static List<String> of(ResultSet result) throws SQLException {
        List<String> rows = new ArrayList<>();
        while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                row.add(Objects.requireNonNullElse(result.getString(i), "~"));
            }
            rows.add(String.join("|", row));
        }
        return rows;
    }
}
