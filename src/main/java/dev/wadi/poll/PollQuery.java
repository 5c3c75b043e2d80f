package dev.wadi.poll;

import dev.wadi.contract.EventShape.Type;
import dev.wadi.engine.Sql;
import dev.wadi.event.FlatRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGResultSetMetaData;

/**
 * The SELECTs of a poll, made once the columns are known. The rows come in the order of the watermark columns, by key and
 * not by OFFSET, so that a page costs the same wherever it is.
 */
final class PollQuery {
    /** Whether the row is past the place that the poll had reached. */
    private static final String PAST = "__past";

    private static final Set<String> TIMES = Set.of("timestamptz", "timestamp");

    private final PollSettings settings;
    private final List<FlatRow.Column> columns;
    private final List<Integer> watermark;
    private final String table;
    private final List<String> nullable;
    private final @Nullable String timeType;
    private final Duration overlap;

    private PollQuery(PollSettings settings, ResultSetMetaData described) throws SQLException {
        this.settings = settings;
        this.columns = new ArrayList<>();
        for (int i = 1; i <= described.getColumnCount(); i++) {
            columns.add(new FlatRow.Column(described.getColumnLabel(i), type(described, i)));
        }
        this.watermark = new ArrayList<>();
        this.nullable = new ArrayList<>();
        List<String> names = columns.stream().map(FlatRow.Column::name).toList();
        for (String name : settings.watermark()) {
            int index = names.indexOf(name);
            if (index < 0) {
                throw new SQLException("the SELECT gives no column '%s', which watermark=%s names; it gives %s"
                        .formatted(name, String.join(",", settings.watermark()), String.join(", ", names)));
            }
            watermark.add(index);
            if (described.isNullable(index + 1) == ResultSetMetaData.columnNullable) {
                nullable.add(name);
            }
        }
        int first = watermark.getFirst() + 1;
        this.table = table(described, first);
        String type = described.getColumnTypeName(first);
        this.timeType = TIMES.contains(type) ? type : null;
        Duration asked = settings.overlap();
        if (timeType == null && asked != null && !asked.isZero()) {
            throw new SQLException(
                    "overlap=%s needs a time to go back from, but '%s' is of the type %s: name a timestamp first in the watermark, or write overlap=0"
                            .formatted(asked, settings.watermark().getFirst(), type));
        }
        this.overlap = timeType == null ? Duration.ZERO : asked == null ? PollSettings.OVERLAP : asked;
    }

    /** Asks the database for the columns; reads no row. */
    static PollQuery describe(Connection connection, PollSettings settings) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT * FROM (%s) r WHERE false".formatted(settings.query()));
                ResultSet none = statement.executeQuery()) {
            return new PollQuery(settings, none.getMetaData());
        }
    }

    private static Type type(ResultSetMetaData described, int column) throws SQLException {
        return switch (described.getColumnType(column)) {
            case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.REAL, Types.DOUBLE -> Type.NUMBER;
            case Types.BIT, Types.BOOLEAN -> Type.BOOLEAN;
            default -> described.getColumnTypeName(column).startsWith("json") ? Type.OBJECT : Type.STRING;
        };
    }

    private static String table(ResultSetMetaData described, int column) throws SQLException {
        if (described.isWrapperFor(PGResultSetMetaData.class)) {
            PGResultSetMetaData more = described.unwrap(PGResultSetMetaData.class);
            String name = more.getBaseTableName(column);
            if (!name.isEmpty()) {
                return more.getBaseSchemaName(column) + "." + name;
            }
        }
        return "query";
    }

    List<FlatRow.Column> columns() {
        return columns;
    }

    /** The watermark columns, as indexes of {@link #columns}. */
    List<Integer> watermark() {
        return watermark;
    }

    /** The table that the first watermark column is of: {@code schema.name}. */
    String table() {
        return table;
    }

    /** The watermark columns that may be null: such rows are never read. */
    List<String> nullable() {
        return nullable;
    }

    /** Whether rows before a place are read again. */
    boolean overlaps() {
        return !overlap.isZero();
    }

    /**
     * A page of rows: a row that is read again, because it is within the overlap, is not {@link #past}.
     *
     * @param reached null to read from the beginning
     * @param after where the page before ended; null for the first page of a poll
     */
    PreparedStatement page(Connection connection, @Nullable Place reached, @Nullable Place after) throws SQLException {
        String row = settings.watermark().stream()
                .map(name -> "r." + Sql.name(name))
                .collect(Collectors.joining(", ", "ROW(", ")"));
        String unknowns = settings.watermark().stream().map(name -> "?").collect(Collectors.joining(", ", "ROW(", ")"));
        List<String> values = new ArrayList<>();
        StringBuilder sql = new StringBuilder("SELECT r.*, ");
        if (reached == null) {
            sql.append("true AS ").append(PAST);
        } else {
            sql.append(row).append(" > ").append(unknowns).append(" AS ").append(PAST);
            values.addAll(reached.row());
        }
        sql.append(" FROM (").append(settings.query()).append(") r");
        if (after != null) {
            sql.append(" WHERE ").append(row).append(" > ").append(unknowns);
            values.addAll(after.row());
        } else if (reached != null && overlaps()) {
            // Rows that joined those it passed: from the place back, and from the time when it began to come there.
            sql.append(
                    " WHERE r.%s >= least(CAST(? AS %s), CAST(CAST(? AS timestamptz) AS %2$s)) - interval '%d milliseconds'"
                            .formatted(Sql.name(settings.watermark().getFirst()), timeType, overlap.toMillis()));
            values.add(reached.row().getFirst());
            values.add(reached.began());
        } else if (reached != null) {
            sql.append(" WHERE ").append(row).append(" > ").append(unknowns);
            values.addAll(reached.row());
        }
        sql.append(" ORDER BY ")
                .append(settings.watermark().stream()
                        .map(name -> "r." + Sql.name(name))
                        .collect(Collectors.joining(", ")))
                .append(" LIMIT ")
                .append(settings.pageRows());
        PreparedStatement statement = connection.prepareStatement(sql.toString());
        bind(statement, values);
        statement.setFetchSize(500);
        return statement;
    }

    /**
     * How many rows are past a place, at most {@code most}.
     *
     * @param reached null to count from the beginning
     */
    long past(Connection connection, @Nullable Place reached, int most) throws SQLException {
        String where = "";
        List<String> values = reached == null ? List.of() : reached.row();
        if (reached != null) {
            where = " WHERE "
                    + settings.watermark().stream()
                            .map(name -> "r." + Sql.name(name))
                            .collect(Collectors.joining(", ", "ROW(", ")"))
                    + " > "
                    + settings.watermark().stream().map(name -> "?").collect(Collectors.joining(", ", "ROW(", ")"));
        }
        try (PreparedStatement count =
                connection.prepareStatement("SELECT count(*) FROM (SELECT 1 FROM (%s) r%s LIMIT %d) past"
                        .formatted(settings.query(), where, most))) {
            bind(count, values);
            try (ResultSet row = count.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void bind(PreparedStatement statement, List<String> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            // of no type, so that the database takes that of the column
            statement.setObject(i + 1, values.get(i), Types.OTHER);
        }
    }

    /** @throws SQLException when the columns are others since they were described */
    void require(ResultSetMetaData page) throws SQLException {
        boolean same = page.getColumnCount() == columns.size() + 1;
        for (int i = 0; same && i < columns.size(); i++) {
            same = page.getColumnLabel(i + 1).equals(columns.get(i).name());
        }
        if (!same) {
            throw new SQLException("the columns of %s were changed while it was read".formatted(table));
        }
    }

    /** The columns of the present row as the database writes them. */
    @Nullable
    String[] values(ResultSet rows) throws SQLException {
        @Nullable String[] values = new String[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.getString(i + 1);
        }
        return values;
    }

    boolean past(ResultSet rows) throws SQLException {
        return rows.getBoolean(columns.size() + 1);
    }
}
