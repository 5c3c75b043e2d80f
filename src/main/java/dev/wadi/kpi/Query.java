package dev.wadi.kpi;

import dev.wadi.contract.TableName;
import dev.wadi.engine.Sql;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A question as SQL. Its columns are {@link #TOTAL} (rows of the whole answer), {@link #THERE} (null in the one row of an
 * empty page), {@link #TIME} when there is a grain, {@link #by} for each dimension, and {@link #VALUE}. Nothing that
 * came with the request is in the text: values are bound.
 */
record Query(String sql, List<Object> binds) {
    static final String TOTAL = "_total";
    static final String THERE = "_there";
    static final String TIME = "_time";
    static final String VALUE = "_value";

    Query {
        binds = List.copyOf(binds);
    }

    /** The column of the n-th dimension of {@link Question#by}. */
    static String by(int n) {
        return "_by" + n;
    }

    static Query of(Question question) {
        return new Writer(question).write();
    }

    /**
     * A tag for the answer: another one for another question, another definition of the KPI or other versions. The
     * parts are hashed with their lengths, so that no two lists of parts look the same.
     */
    String tag(Kpi kpi, Map<TableName, Long> versions) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<String> parts = new ArrayList<>(List.of("1", kpi.toString(), sql));
            binds.forEach(bind -> parts.add(bind.getClass().getSimpleName() + " " + bind));
            versions.forEach((table, version) -> parts.add(table + "@" + version));
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static final class Writer {
        private final Question question;
        private final List<Object> binds = new ArrayList<>();

        Writer(Question question) {
            this.question = question;
        }

        Query write() {
            List<String> keys = keys();
            String order = keys.isEmpty()
                    ? ""
                    : "ORDER BY "
                            + String.join(
                                    ", ",
                                    keys.stream()
                                            .map(key -> key + " NULLS LAST")
                                            .toList());
            // Facts first, alone, so that measure and filter see no column of a dimension table.
            String sql = """
                    WITH fact AS (
                    %s),
                    answer AS MATERIALIZED (
                    %s),
                    page AS (SELECT *, true AS "_there" FROM answer %s LIMIT ? OFFSET ?)
                    SELECT * FROM (SELECT count(*) AS "_total" FROM answer) LEFT JOIN page ON true %s
                    """.formatted(fact(), answer(keys.size()), order, order);
            binds.add(question.limit());
            binds.add(question.offset());
            return new Query(sql, binds);
        }

        private List<String> keys() {
            List<String> keys = new ArrayList<>();
            question.cutBy().ifPresent(grain -> keys.add(Sql.name(TIME)));
            for (int n = 0; n < question.by().size(); n++) {
                keys.add(Sql.name(by(n)));
            }
            return keys;
        }

        private String fact() {
            Kpi kpi = question.kpi();
            List<String> conditions = new ArrayList<>();
            if (kpi.filter() != null) {
                conditions.add("(" + kpi.filter() + "\n)");
            }
            if (question.from() != null) {
                conditions.add(Sql.name(kpi.time()) + " >= ?");
                binds.add(question.from());
            }
            if (question.to() != null) {
                conditions.add(Sql.name(kpi.time()) + " <= ?");
                binds.add(question.to());
            }
            return "SELECT * FROM " + table(kpi.table()) + where(conditions);
        }

        private String answer(int keys) {
            List<Dimension> used = question.used();
            StringBuilder sql = new StringBuilder("SELECT ");
            question.cutBy()
                    .ifPresent(grain -> sql.append("CAST(date_trunc('%s', fact.%s) AS DATE) AS \"_time\", "
                            .formatted(grain.word(), Sql.name(question.kpi().time()))));
            for (int n = 0; n < question.by().size(); n++) {
                Dimension dimension = question.by().get(n);
                sql.append("%s AS %s, ".formatted(column(used, dimension), Sql.name(by(n))));
            }
            sql.append("(%s\n) AS \"_value\" FROM fact".formatted(question.kpi().measure()));
            List<Dimension.Join> joins = used.stream()
                    .map(Dimension::join)
                    .flatMap(Stream::ofNullable)
                    .distinct()
                    .toList();
            for (int n = 0; n < joins.size(); n++) {
                sql.append(join(used, joins.get(n), Sql.name("_key" + n)));
            }
            List<String> conditions = new ArrayList<>();
            for (Condition condition : question.where()) {
                conditions.add(condition(column(used, condition.dimension()), condition));
            }
            sql.append(where(conditions));
            for (int n = 0; n < keys; n++) {
                sql.append(n == 0 ? " GROUP BY " : ", ").append(n + 1);
            }
            return sql.toString();
        }

        private static String join(List<Dimension> used, Dimension.Join join, String key) {
            StringBuilder columns = new StringBuilder();
            for (Dimension dimension : used) {
                if (join.equals(dimension.join())) {
                    columns.append(", %s AS %s".formatted(Sql.name(dimension.column()), column(used, dimension)));
                }
            }
            return " LEFT JOIN (SELECT %s AS %s%s FROM %s) ON fact.%s = %s"
                    .formatted(
                            Sql.name(join.key()), key, columns, table(join.table()), Sql.name(join.foreignKey()), key);
        }

        private String condition(String column, Condition condition) {
            binds.addAll(condition.values());
            return switch (condition.operator()) {
                case EQ -> column + " = ?";
                case NE -> column + " IS DISTINCT FROM ?";
                case IN ->
                    "%s IN (%s)"
                            .formatted(
                                    column,
                                    String.join(
                                            ", ",
                                            Collections.nCopies(
                                                    condition.values().size(), "?")));
                case LT -> column + " < ?";
                case LE -> column + " <= ?";
                case GT -> column + " > ?";
                case GE -> column + " >= ?";
            };
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
}
