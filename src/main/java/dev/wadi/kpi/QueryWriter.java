package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import dev.wadi.engine.Sql;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a question as SQL: a chain of named steps, each made of the one before it. {@code found} are the groups of the span;
 * with a comparison those of the other span stand beside them; with a filling the gaps become rows; {@code answer} are the rows
 * that are kept, all pages of them. Values are bound in the order in which the steps are written.
 */
final class QueryWriter {
    private final Question question;
    private final boolean summed;
    private final Map<String, String> steps = new LinkedHashMap<>();
    private final List<Object> binds = new ArrayList<>();
    /** The columns that tell rows apart: time and dimensions. */
    private final List<String> keys = new ArrayList<>();

    QueryWriter(Question question) {
        this(question, false);
    }

    /** @param summed whether facts are grouped by the keys of dimension tables before they are joined with these */
    QueryWriter(Question question, boolean summed) {
        this.question = question;
        this.summed = summed;
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
        steps.put("found", groups(question.span()));
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
        steps.put("answer", "SELECT %s FROM %s%s".formatted(columns, last, where(conditions)));
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
        steps.put("before", groups(question.span().before(shift)));
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

    /** The groups of the rows in a span, with their value. */
    private String groups(Span span) {
        return summed ? summedGroups(span) : plainGroups(span);
    }

    private String plainGroups(Span span) {
        List<Dimension> used = question.used();
        StringBuilder sql = new StringBuilder("SELECT ");
        question.cutBy().ifPresent(grain -> sql.append(time(grain, span)).append(" AS \"_time\", "));
        for (int n = 0; n < question.by().size(); n++) {
            Dimension dimension = question.by().get(n);
            sql.append("%s AS %s, ".formatted(column(used, dimension), Sql.name(Query.by(n))));
        }
        sql.append("(%s%n) AS \"_value\"%s".formatted(question.kpi().measure().sql(), here()));
        List<String> conditions = source(sql, span, used);
        sql.append(where(conditions));
        return sql.append(groupBy(keys.size())).toString();
    }

    private String here() {
        return question.fill() == null && question.compareTo() == null ? "" : ", true AS \"_here\"";
    }

    private static String groupBy(int columns) {
        return columns == 0
                ? ""
                : IntStream.rangeClosed(1, columns)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(", ", " GROUP BY ", ""));
    }

    /** What {@link #plainGroups} says: the values of parts, each of one key of each dimension table, added up. */
    private String summedGroups(Span span) {
        List<Dimension> used = question.used();
        List<Dimension> own = used.stream().filter(each -> each.join() == null).toList();
        List<Dimension.Join> joins = joins(used);
        StringBuilder part = new StringBuilder("SELECT ");
        question.cutBy().ifPresent(grain -> part.append(time(grain, span)).append(" AS \"_time\", "));
        for (Dimension dimension : own) {
            part.append("%s AS %s, ".formatted(column(used, dimension), Sql.name("_own" + used.indexOf(dimension))));
        }
        for (int n = 0; n < joins.size(); n++) {
            part.append("fact.%s AS %s, ".formatted(Sql.name(joins.get(n).foreignKey()), Sql.name("_foreign" + n)));
        }
        part.append("(%s%n) AS \"_part\" FROM (%s) AS fact"
                .formatted(question.kpi().measure().sql(), facts(span)));
        part.append(where(conditions(used, false)))
                .append(groupBy((question.grain() == null ? 0 : 1) + own.size() + joins.size()));
        StringBuilder sql = new StringBuilder("SELECT ");
        question.cutBy().ifPresent(grain -> sql.append("part.\"_time\", "));
        for (int n = 0; n < question.by().size(); n++) {
            Dimension dimension = question.by().get(n);
            sql.append("%s AS %s, "
                    .formatted(
                            dimension.join() == null
                                    ? "part." + Sql.name("_own" + used.indexOf(dimension))
                                    : column(used, dimension),
                            Sql.name(Query.by(n))));
        }
        sql.append("CAST(sum(part.\"_part\") AS %s) AS \"_value\"%s FROM (%s) AS part"
                .formatted(question.kpi().valueType(), here(), part));
        for (int n = 0; n < joins.size(); n++) {
            sql.append(join(used, joins.get(n), Sql.name("_key" + n), "part." + Sql.name("_foreign" + n)));
        }
        return sql.append(where(conditions(used, true)))
                .append(groupBy(keys.size()))
                .toString();
    }

    private static List<Dimension.Join> joins(List<Dimension> used) {
        return used.stream()
                .map(Dimension::join)
                .flatMap(Stream::ofNullable)
                .distinct()
                .toList();
    }

    /**
     * The rows of the table that a cell is made of, with the number of all of them, in the order of {@code key}.
     *
     * @param key the columns that tell the rows of the table apart
     */
    Query facts(Cell cell, List<String> key) {
        steps.put("facts", cell(cell));
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
        steps.put("facts", cell(cell));
        return new Query(
                "%s%nSELECT (%s%n) AS \"_value\" FROM facts AS fact"
                        .formatted(chain(), question.kpi().measure().sql()),
                binds);
    }

    private String cell(Cell cell) {
        List<Dimension> used = question.used();
        StringBuilder sql = new StringBuilder("SELECT fact.*");
        List<String> conditions = source(sql, cell.span(), used);
        question.cutBy().ifPresent(grain -> {
            Temporal period = cell.period();
            if (period == null) {
                conditions.add("false"); // it is compared with nothing
                return;
            }
            conditions.add(
                    time(grain, cell.span()) + " = CAST(? AS " + (grain == Grain.HOUR ? "TIMESTAMPTZ" : "DATE") + ")");
            binds.add(period.toString());
        });
        for (int n = 0; n < question.by().size(); n++) {
            String column = column(used, question.by().get(n));
            Object value = cell.by().get(n);
            if (value == null) {
                conditions.add(column + " IS NULL");
            } else {
                conditions.add(column + " = ?");
                binds.add(value);
            }
        }
        return sql.append(where(conditions)).toString();
    }

    /** Adds the facts of a span with their dimensions, and gives the conditions on them. */
    private List<String> source(StringBuilder sql, Span span, List<Dimension> used) {
        // Facts first, alone, so that measure and filter see no column of a dimension table.
        sql.append(" FROM (%s) AS fact".formatted(facts(span)));
        List<Dimension.Join> joins = joins(used);
        for (int n = 0; n < joins.size(); n++) {
            Dimension.Join join = joins.get(n);
            sql.append(join(used, join, Sql.name("_key" + n), "fact." + Sql.name(join.foreignKey())));
        }
        return conditions(used, question.where());
    }

    /** @param joined whether those on columns of dimension tables, or those on the facts' own */
    private List<String> conditions(List<Dimension> used, boolean joined) {
        return conditions(
                used,
                question.where().stream()
                        .filter(each -> (each.dimension().join() != null) == joined)
                        .toList());
    }

    private List<String> conditions(List<Dimension> used, List<Condition> where) {
        List<String> conditions = new ArrayList<>();
        for (Condition condition : where) {
            conditions.add(condition
                    .operator()
                    .sql(column(used, condition.dimension()), condition.values().size()));
            binds.addAll(condition.values());
        }
        return conditions;
    }

    private String time(Grain grain, Span span) {
        return switch (span) {
            case Span.Days days when grain == Grain.DAY -> "fact." + Sql.name(day());
            case Span.Days days -> "CAST(date_trunc('%s', fact.%s) AS DATE)".formatted(grain.word(), Sql.name(day()));
            case Span.Moments moments -> {
                String instant = "fact." + Sql.name(instant());
                if (grain == Grain.HOUR) {
                    binds.add(moments.zone().getId());
                    binds.add(moments.zone().getId());
                    // what of the hour is over on the wall, taken from the instant: 2:30 may come twice, its hours stay
                    // apart
                    yield "%s - ((%s AT TIME ZONE CAST(? AS VARCHAR)) - date_trunc('hour', %s AT TIME ZONE CAST(? AS VARCHAR)))"
                            .formatted(instant, instant, instant);
                }
                binds.add(moments.zone().getId());
                yield "CAST(date_trunc('%s', %s AT TIME ZONE CAST(? AS VARCHAR)) AS DATE)"
                        .formatted(grain.word(), instant);
            }
        };
    }

    private String day() {
        return Objects.requireNonNull(question.kpi().time().day());
    }

    private String instant() {
        return Objects.requireNonNull(question.kpi().time().instant());
    }

    private String facts(Span span) {
        Kpi kpi = question.kpi();
        List<String> conditions = new ArrayList<>();
        if (kpi.filter() != null) {
            conditions.add("(" + kpi.filter() + "\n)");
        }
        switch (span) {
            case Span.Days days -> {
                if (days.from() != null) {
                    conditions.add(Sql.name(day()) + " >= ?");
                    binds.add(days.from());
                }
                if (days.to() != null) {
                    conditions.add(Sql.name(day()) + " <= ?");
                    binds.add(days.to());
                }
            }
            case Span.Moments moments -> {
                if (moments.from() != null) {
                    conditions.add(Sql.name(instant()) + " >= ?");
                    binds.add(moments.from().atOffset(ZoneOffset.UTC));
                }
                if (moments.until() != null) {
                    conditions.add(Sql.name(instant()) + " < ?");
                    binds.add(moments.until().atOffset(ZoneOffset.UTC));
                }
            }
        }
        return "SELECT * FROM " + table(kpi.table()) + where(conditions);
    }

    private static String join(List<Dimension> used, Dimension.Join join, String key, String foreignKey) {
        StringBuilder columns = new StringBuilder();
        for (Dimension dimension : used) {
            if (join.equals(dimension.join())) {
                columns.append(", %s AS %s".formatted(Sql.name(dimension.column()), column(used, dimension)));
            }
        }
        return " LEFT JOIN (SELECT %s AS %s%s FROM %s) ON %s = %s"
                .formatted(Sql.name(join.key()), key, columns, table(join.table()), foreignKey, key);
    }

    private static String column(List<Dimension> used, Dimension dimension) {
        return dimension.join() == null
                ? "fact." + Sql.name(dimension.column())
                : Sql.name("_column" + used.indexOf(dimension));
    }

    private static String table(TableName table) {
        return Sql.name(table.layer()) + "." + Sql.name(table.name());
    }

    private static String where(List<String> conditions) {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }
}
