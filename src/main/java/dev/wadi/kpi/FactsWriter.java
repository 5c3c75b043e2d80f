package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import dev.wadi.engine.Sql;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes what a question takes from the facts and their dimensions: groups with their value, or the rows of a cell. Values are
 * bound in the order in which the texts are written.
 */
final class FactsWriter {
    private final Question question;
    private final boolean summed;
    private final List<Object> binds;

    /**
     * @param summed whether facts are grouped by the keys of dimension tables before they are joined with these
     * @param binds where values are added
     */
    FactsWriter(Question question, boolean summed, List<Object> binds) {
        this.question = question;
        this.summed = summed;
        this.binds = binds;
    }

    /** The groups of the rows in a span, with their value. */
    String groups(Span span) {
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
        return sql.append(groupBy(grained() + question.by().size())).toString();
    }

    /** Columns of the time. */
    private int grained() {
        return question.grain() == null ? 0 : 1;
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
        part.append(where(conditions(used, false))).append(groupBy(grained() + own.size() + joins.size()));
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
                .append(groupBy(grained() + question.by().size()))
                .toString();
    }

    private static List<Dimension.Join> joins(List<Dimension> used) {
        return used.stream()
                .map(Dimension::join)
                .flatMap(Stream::ofNullable)
                .distinct()
                .toList();
    }

    /** The rows of the table that a cell is made of. */
    String cell(Cell cell) {
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

    static String where(List<String> conditions) {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }
}
