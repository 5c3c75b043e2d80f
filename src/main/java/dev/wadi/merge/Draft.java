package dev.wadi.merge;

import dev.wadi.engine.FileScan;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeletedRows;
import dev.wadi.table.DeltaTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tables in which a plan is worked out, beside its batch. In SQL given to it, {@code {name}} stands for the qualified
 * name of one of them; texts and names in quotes may hold braces of their own. SQL of users never passes through here.
 */
final class Draft {
    /** What stands in quotes is left alone. */
    private static final Pattern TABLE = Pattern.compile("'[^']*+'|\"[^\"]*+\"|\\{([a-z_]+)}");

    private final Batch batch;
    private final Workspace workspace;

    Draft(Batch batch) {
        this.batch = batch;
        this.workspace = batch.workspace();
    }

    String sql(String text) {
        return TABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) == null ? found.group() : workspace.table(found.group(1))));
    }

    void run(String sql) throws SQLException {
        workspace.execute(sql(sql));
    }

    boolean any(String from) throws SQLException {
        return workspace.count(sql("SELECT count(*) FROM (SELECT 1 FROM " + from + " LIMIT 1)")) > 0;
    }

    /** A SELECT, ready to run; null when it gives nothing. */
    @Nullable
    String selected(String columns, String from) throws SQLException {
        return any(from) ? sql("SELECT " + columns + " FROM " + from) : null;
    }

    /** What becomes of a row of {@code refusal}, by its {@code code}. */
    static final String TURNED_AWAY = "if(code = " + Checks.TRUNCATES + ", 'TRUNCATES', 'REFUSED')";

    /** {@code refusal}: the rows that a check turns away, and those that truncate; {@code gone}: those that are deletes. */
    void turnAway(Checks checks) throws SQLException {
        workspace.execute("CREATE OR REPLACE TABLE %s AS SELECT * FROM (SELECT %s, %s AS code FROM %s) WHERE code <> 0"
                .formatted(workspace.table("refusal"), Batch.ORDER, checks.code(), batch.table()));
        workspace.execute("CREATE OR REPLACE TABLE %s AS SELECT %s FROM %s WHERE %s"
                .formatted(workspace.table("gone"), Batch.ORDER, batch.table(), checks.gone()));
    }

    /**
     * Counts {@code outcome (__ord, what)}, which has each row of the batch once, and adds its ties to {@code refusal} in
     * place of those that an earlier version of the table gave.
     */
    Tally tally() throws SQLException {
        run("DELETE FROM {refusal} WHERE code = 0");
        run("INSERT INTO {refusal} SELECT __ord, 0 FROM {outcome} WHERE what = 'TIED'");
        Tally tally = new Tally();
        try (Statement statement = workspace.session().createStatement();
                ResultSet counts = statement.executeQuery(sql("SELECT what, count(*) FROM {outcome} GROUP BY what"))) {
            while (counts.next()) {
                tally.add(Verdict.valueOf(counts.getString(1)), counts.getLong(2));
            }
        }
        return tally;
    }

    /**
     * The rows that go, with those that went before.
     *
     * @param select gives {@code file_index} and {@code file_row_number} in {@code scan}
     */
    Map<String, DeletedRows> replaced(DeltaTable table, FileScan scan, String select) throws SQLException {
        Map<String, DeletedRows> rows = new LinkedHashMap<>();
        try (Statement statement = workspace.session().createStatement();
                ResultSet positions = statement.executeQuery(sql(select) + " ORDER BY ALL")) {
            while (positions.next()) {
                DataFile file = scan.file(positions.getInt(1));
                rows.computeIfAbsent(file.path(), path -> table.deleted(file).copy())
                        .add(positions.getLong(2));
            }
        }
        return rows;
    }
}
