package dev.wadi.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Asks for the rows that equal, precede and follow each value of each column, and for the least and the greatest. Spark leaves
 * files out by the statistics that Wadi wrote, so a wrong statistic loses rows. The expected answers are DuckDB's, which does
 * not look at them.
 */
final class Filters {
    /** Values of a column that are asked for; all would take Spark minutes. */
    private static final int MOST_VALUES = 8;

    private final Wadi wadi;
    private final Spark spark;
    private long filters;
    private long filesOfAll;
    private long filesRead;

    Filters(Wadi wadi, Spark spark) {
        this.wadi = wadi;
        this.spark = spark;
    }

    void readEqual() throws SQLException {
        for (String column : EveryType.columns()) {
            compare(column);
            String extremes = "SELECT count(*), count(%1$s)%2$s FROM %%s"
                    .formatted(column, column.equals("b") ? "" : ", min(%1$s), max(%1$s)".formatted(column));
            assertThat(Rows.of(spark.ask(wadi.folder(), extremes).rows()))
                    .as("count, least and greatest of %s", column)
                    .isEqualTo(Rows.of(wadi.ask(extremes)));
        }
        System.out.printf(
                "  %d filters read equal; Spark read %d of %d files for them%n", filters, filesRead, filesOfAll);
    }

    private void compare(String column) throws SQLException {
        List<String> mine = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        List<String> literals = EveryType.values(column);
        for (int i = 0; i < Math.min(MOST_VALUES, literals.size()); i++) {
            if (literals.get(i).equals("NULL")) {
                add(mine, theirs, i + " null", column + " IS NULL", column + " IS NULL");
                continue;
            }
            String text = Objects.requireNonNull(
                    wadi.ask("SELECT CAST(%s AS %s)".formatted(literals.get(i), EveryType.sqlType(column)))
                            .getFirst()
                            .getFirst());
            for (String operator : List.of("=", "<", ">")) {
                add(
                        mine,
                        theirs,
                        i + operator,
                        "%s %s %s".formatted(column, operator, literals.get(i)),
                        "%s %s %s".formatted(column, operator, EveryType.sparkLiteral(column, text)));
            }
        }
        Spark.Answer answer = spark.ask(wadi.folder(), String.join(" UNION ALL ", theirs));
        assertThat(Rows.of(answer.rows()))
                .as("filters on %s", column)
                .isEqualTo(Rows.of(wadi.ask(String.join(" UNION ALL ", mine))));
        long all = (long) mine.size() * wadi.files();
        // a range of true and false leaves nothing out, so Delta keeps none
        if (!column.equals("b")) {
            assertThat(answer.files())
                    .as("files read for filters on %s, of %d", column, all)
                    .isLessThan(all * 3 / 4);
        }
        filters += mine.size();
        filesRead += answer.files();
        filesOfAll += all;
    }

    private static void add(List<String> mine, List<String> theirs, String label, String filter, String sparkFilter) {
        String select = "SELECT '" + label + "', id FROM %s WHERE ";
        mine.add(select + filter);
        theirs.add(select + sparkFilter);
    }
}
