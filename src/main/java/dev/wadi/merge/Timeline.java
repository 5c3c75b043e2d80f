package dev.wadi.merge;

import dev.wadi.contract.Column;
import dev.wadi.contract.Contract;
import dev.wadi.engine.Sql;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How events follow each other in a history, as SQL: which of them share a row (a run), and from where to where it goes.
 *
 * <p>The events have {@code __id}, {@code __seq}, {@code __gone}, {@code __source} and the tracked columns, and no two of a
 * subject have one sequence.
 */
final class Timeline {
    /** Who vouches for an event; among several at one place the least stands. */
    static final int SHOWN = 0;

    static final int REMEMBERED = 1;
    /** The first event of a run, forgotten, of which the row tells the sequence and the tracked content. */
    static final int GUESSED = 2;

    static final int ARRIVED = 3;

    private final List<String> tracked;
    private final boolean absorbs;

    Timeline(Contract contract) {
        this.tracked = contract.content().stream()
                .map(Column::name)
                .filter(name -> !contract.merging().trackHistoryExcept().contains(name))
                .toList();
        this.absorbs = !contract.merging().trackHistoryExcept().isEmpty();
    }

    /** Names of the columns whose changes open a row. */
    List<String> tracked() {
        return tracked;
    }

    /** Whether several events may share a row. */
    boolean absorbs() {
        return absorbs;
    }

    /**
     * A SELECT that says of each event whether it {@code __opens} a run, whether a row {@code __shown} shows it, from where
     * ({@code __starts}) to where ({@code __ends}) that row goes, whether nothing was right before it ({@code __gap}), whether
     * it is {@code __hidden} (no row tells that it was), and whether its run had a row before ({@code __grew}).
     *
     * @param events what stands behind FROM, with the alias {@code x}
     * @param subject the columns that say what has a history of its own; the SELECT gives them too
     */
    String sql(String events, List<String> subject) {
        String keys = Batch.list("x", subject);
        String window = " WINDOW k AS (PARTITION BY " + keys + " ORDER BY x.__seq)";
        String standing = "SELECT " + keys + ", x.__id, x.__seq, x.__gone, x.__source, lead(x.__seq) OVER k AS __ends,"
                + " coalesce(lag(x.__gone) OVER k, true) AS __gap, NOT x.__gone AND (__gap OR " + changed()
                + ") AS __opens FROM " + events + window;
        if (!absorbs) {
            return "SELECT " + keys
                    + ", x.__id, x.__opens, x.__opens AS __shown, x.__seq AS __starts, x.__ends, x.__gap,"
                    + " x.__gone AND x.__gap AS __hidden, false AS __grew FROM (" + standing + ") x";
        }
        String runs = "SELECT x.*, NOT x.__gone AND coalesce(lead(x.__opens OR x.__gone) OVER k, true) AS __shown,"
                + " last_value(CASE WHEN x.__opens THEN x.__seq END IGNORE NULLS) OVER"
                + " (k ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS __starts FROM (" + standing + ") x"
                + window;
        return "SELECT " + keys + ", x.__id, x.__opens, x.__shown, x.__starts, x.__ends, x.__gap,"
                + " if(x.__gone, x.__gap, NOT x.__shown) AS __hidden, NOT x.__gone AND bool_or(x.__source < " + ARRIVED
                + " AND NOT x.__gone) OVER (PARTITION BY " + keys + ", x.__starts) AS __grew FROM (" + runs + ") x";
    }

    /** Whether an event's tracked content differs from that of the event before. */
    private String changed() {
        if (!absorbs) {
            return "true";
        }
        String same = tracked.stream()
                .map(name -> "x.%1$s IS NOT DISTINCT FROM lag(x.%1$s) OVER k".formatted(Sql.name(name)))
                .collect(Collectors.joining(" AND "));
        return same.isEmpty() ? "false" : "NOT (" + same + ")";
    }
}
