package dev.wadi.parts;

import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import dev.wadi.table.Lake;
import io.micronaut.context.ApplicationContext;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/** What a table holds now, read as a KPI reads it, in a Wadi that runs in this JVM. */
public final class LakeRows {
    private LakeRows() {}

    /**
     * The rows of a SELECT, columns as text joined by {@code |}; null is {@code ~}. None while there is no such table.
     *
     * @param select in which the table is {@code t}
     */
    public static List<String> of(ApplicationContext wadi, TableName table, String select) {
        if (!wadi.getBean(Lake.class).tables().contains(table)) {
            return List.of();
        }
        try (Pin pin = wadi.getBean(LakeReader.class).pin(Set.of(table));
                Statement statement = pin.connection().createStatement();
                ResultSet result = statement.executeQuery(select.replace("FROM t", "FROM " + table))) {
            return TextRows.of(result);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
