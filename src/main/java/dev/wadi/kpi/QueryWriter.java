package dev.wadi.kpi;

import dev.wadi.engine.Sql;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * Writes a question as SQL: a chain of named steps, each made of the one before it. {@code found} are the groups of the span;
 * with a comparison those of the other span stand beside them; with a filling the gaps become rows; {@code answer} are the rows
 * that are kept, all pages of them. Values are bound in the order in which the steps are written.
 */
final class QueryWriter {
    private final Question question;
    private final Map<String, String> steps = new LinkedHashMap<>();
    private final List<Object> binds = new ArrayList<>();
    private final FactsWriter facts;
    /** The columns that tell rows apart: time and dimensions. */
    private final List<String> keys = new ArrayList<>();

    QueryWriter(Question question) {
        this(question, false);
    }

    /** @param summed whether facts are grouped by the keys of dimension tables before they are joined with these */
    QueryWriter(Question question, boolean summed) {
        this.question = question;
        this.facts = new FactsWriter(question, summed, binds);
        question.cutBy().ifPresent(grain -> keys.add(Query.TIME));
        for (int n = 0; n < question.by().size(); n++) {
            keys.add(Query.by(n));
        }
    }

    Query page() {
        answer();
        String order = order();
        String sql = """
                %s,
                page AS (SELECT *, true AS "_there" FROM answer %s LIMIT ? OFFSET ?)
                SELECT * FROM (SELECT count(*) AS "_total" FROM answer) LEFT JOIN page ON true %s
                """.formatted(chain(), order, order);
        binds.add(question.limit());
        binds.add(question.offset());
        return new Query(sql, binds);
    }

    Query totals() {
        answer();
        List<String> groups = new ArrayList<>();
        for (int n = 0; n < question.by().size(); n++) {
            if (question.kpi().alwaysBy().contains(question.by().get(n).name())) {
                groups.add(Sql.name(Query.by(n)));
            }
        }
        StringJoiner columns = new StringJoiner(", ");
        groups.forEach(columns::add);
        columns.add("sum(\"_value\") AS \"_value\"");
        if (question.compareTo() != null) {
            columns.add("sum(\"_previous\") AS \"_previous\"");
        }
        String by = groups.isEmpty() ? "" : " GROUP BY ALL ORDER BY " + String.join(", ", groups);
        return new Query("%s%nSELECT %s FROM answer%s".formatted(chain(), columns, by), binds);
    }

    private String chain() {
        return steps.entrySet().stream()
                .map(step -> "%s AS %s (%n%s)"
                        .formatted(
                                step.getKey(),
                                // the page and the number of all rows are read from it
                                step.getKey().equals("answer") ? "MATERIALIZED" : "",
                                step.getValue()))
                .collect(Collectors.joining(",\n", "WITH ", ""));
    }

    private void answer() {
        steps.put("found", facts.groups(question.span()));
        String last = "found";
        if (question.compareTo() != null) {
            last = compared(last);
        }
        if (question.fill() != null) {
            last = filled(last);
        }
        if (question.compareTo() != null) {
            steps.put("measured", """
                    SELECT *, "_value" - "_previous" AS "_difference",
                      CAST("_value" AS DOUBLE) / nullif(CAST("_previous" AS DOUBLE), 0) AS "_ratio"
                    FROM %s""".formatted(last));
            last = "measured";
        }
        List<String> conditions = new ArrayList<>();
        for (Having having : question.having()) {
            conditions.add(having.operator()
                    .sql(
                            "CAST(%s AS DOUBLE)"
                                    .formatted(Sql.name(having.figure().column())),
                            having.values().size()));
            binds.addAll(having.values());
        }
        StringJoiner columns = new StringJoiner(", ");
        keys.forEach(key -> columns.add(Sql.name(key)));
        question.figures().forEach(figure -> columns.add(Sql.name(figure.column())));
        steps.put("answer", "SELECT %s FROM %s%s".formatted(columns, last, FactsWriter.where(conditions)));
    }

    private String order() {
        Map<String, Boolean> order = new LinkedHashMap<>();
        for (Order each : question.order()) {
            order.putIfAbsent(column(each.key()), each.descending());
        }
        keys.forEach(key -> order.putIfAbsent(key, false));
        if (keys.isEmpty()) {
            return "";
        }
        return order.entrySet().stream()
                .map(each -> Sql.name(each.getKey()) + (each.getValue() ? " DESC" : "") + " NULLS LAST")
                .collect(Collectors.joining(", ", "ORDER BY ", ""));
    }

    private String column(String key) {
        if (key.equals(Order.TIME)) {
            return Query.TIME;
        }
        for (int n = 0; n < question.by().size(); n++) {
            if (question.by().get(n).name().equals(key)) {
                return Query.by(n);
            }
        }
        return Figure.find(key, true).orElseThrow().column();
    }

    /** The other span, each of its periods moved to the one it is compared with. */
    private String compared(String found) {
        Shift shift = Objects.requireNonNull(question.compareTo());
        Grain grain = question.grain();
        String moved = "before";
        if (grain != null) {
            List<Shift.Pair> pairs = shift.pairs(question.span(), grain, QuestionReader.MAX_PERIODS);
            steps.put(
                    "pair",
                    pairs.isEmpty()
                            ? "SELECT found.\"_time\" AS \"_now\", found.\"_time\" AS \"_then\" FROM found WHERE false"
                            : "SELECT %s AS \"_now\", %s AS \"_then\""
                                    .formatted(
                                            list(
                                                    grain,
                                                    pairs.stream()
                                                            .map(Shift.Pair::now)
                                                            .toList()),
                                            list(
                                                    grain,
                                                    pairs.stream()
                                                            .map(Shift.Pair::before)
                                                            .toList())));
        }
        steps.put("before", facts.groups(question.span().before(shift)));
        if (grain != null) {
            steps.put(
                    "moved",
                    "SELECT before.* REPLACE (pair.\"_now\" AS \"_time\") FROM before JOIN pair ON before.\"_time\" = pair.\"_then\"");
            moved = "moved";
        }
        StringJoiner columns = new StringJoiner(", ");
        for (String key : keys) {
            columns.add("coalesce(n.%s, b.%s) AS %s".formatted(Sql.name(key), Sql.name(key), Sql.name(key)));
        }
        columns.add("n.\"_value\" AS \"_value\", b.\"_value\" AS \"_previous\"");
        columns.add("n.\"_here\" AS \"_here\", b.\"_here\" AS \"_before\"");
        String join = keys.isEmpty()
                ? "CROSS JOIN %s AS b".formatted(moved)
                : "FULL JOIN %s AS b ON %s".formatted(moved, same("n", "b", keys));
        steps.put("compared", "SELECT %s FROM %s AS n %s".formatted(columns, found, join));
        return "compared";
    }

    /** A row for each period of the span and each group that is in any of them. */
    private String filled(String last) {
        Grain grain = question.cutBy().orElseThrow();
        steps.put(
                "period",
                "SELECT %s AS \"_time\""
                        .formatted(list(grain, question.span().periods(grain, QuestionReader.MAX_PERIODS))));
        List<String> groups = keys.subList(1, keys.size());
        String all = "period";
        if (!groups.isEmpty()) {
            all = "period CROSS JOIN (SELECT DISTINCT %s FROM %s)"
                    .formatted(groups.stream().map(Sql::name).collect(Collectors.joining(", ")), last);
        }
        StringJoiner columns = new StringJoiner(", ");
        keys.forEach(key -> columns.add("g." + Sql.name(key)));
        columns.add(gap("_value", "_here"));
        if (question.compareTo() != null) {
            columns.add(gap("_previous", "_before"));
        }
        steps.put(
                "filled",
                "SELECT %s FROM (SELECT * FROM %s) AS g LEFT JOIN %s AS v ON %s"
                        .formatted(columns, all, last, same("g", "v", keys)));
        return "filled";
    }

    private String gap(String value, String there) {
        return question.fill() == Fill.ZERO
                ? "CASE WHEN v.\"%s\" THEN v.\"%s\" ELSE 0 END AS \"%s\"".formatted(there, value, value)
                : "v.\"%s\" AS \"%s\"".formatted(value, value);
    }

    private static String same(String one, String other, List<String> columns) {
        return columns.stream()
                .map(Sql::name)
                .map(column -> "%s.%s IS NOT DISTINCT FROM %s.%s".formatted(one, column, other, column))
                .collect(Collectors.joining(" AND "));
    }

    /** Starts of periods as rows, bound as one text; at least one. */
    private String list(Grain grain, List<Temporal> starts) {
        binds.add(starts.stream().map(Temporal::toString).collect(Collectors.joining(",")));
        return "CAST(unnest(string_split(?, ',')) AS %s)".formatted(grain == Grain.HOUR ? "TIMESTAMPTZ" : "DATE");
    }

    /**
     * The rows of the table that a cell is made of, with the number of all of them, in the order of {@code key}.
     *
     * @param key the columns that tell the rows of the table apart
     */
    Query facts(Cell cell, List<String> key) {
        steps.put("facts", facts.cell(cell));
        String order = key.isEmpty()
                ? "ORDER BY ALL"
                : key.stream().map(Sql::name).collect(Collectors.joining(", ", "ORDER BY ", ""));
        String sql = """
                %s,
                page AS (SELECT *, true AS "_there" FROM facts %s LIMIT ? OFFSET ?)
                SELECT * FROM (SELECT count(*) AS "_total" FROM facts) LEFT JOIN page ON true %s
                """.formatted(chain(), order, order);
        binds.add(question.limit());
        binds.add(question.offset());
        return new Query(sql, binds);
    }

    /** The measure over the rows that a cell is made of: one row, {@code _value}. */
    Query measured(Cell cell) {
        steps.put("facts", facts.cell(cell));
        return new Query(
                "%s%nSELECT (%s%n) AS \"_value\" FROM facts AS fact"
                        .formatted(chain(), question.kpi().measure().sql()),
                binds);
    }
}
