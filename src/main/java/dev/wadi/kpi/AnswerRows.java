package dev.wadi.kpi;

import dev.wadi.contract.ColumnType;
import dev.wadi.kpi.Answer.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes the columns and rows of an answer out of a result of DuckDB, with the few Java types that formats know. */
final class AnswerRows {
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");

    private final ResultSet result;
    private final List<String> labels;
    private final List<Column> columns = new ArrayList<>();
    private final ZoneId zone;

    /** @param labels the columns of the result to take, in order, and {@code names} what they are called */
    AnswerRows(ResultSet result, List<String> labels, List<String> names, ZoneId zone) throws SQLException {
        this.result = result;
        this.labels = labels;
        this.zone = zone;
        ResultSetMetaData types = result.getMetaData();
        for (int n = 0; n < labels.size(); n++) {
            columns.add(new Column(names.get(n), type(types.getColumnTypeName(result.findColumn(labels.get(n))))));
        }
    }

    List<Column> columns() {
        return columns;
    }

    /** The row that the result stands at. */
    List<@Nullable Object> row() throws SQLException {
        @Nullable Object[] row = new Object[labels.size()];
        for (int n = 0; n < row.length; n++) {
            row[n] = value(result.getObject(labels.get(n)), columns.get(n).type());
        }
        return Arrays.asList(row);
    }

    /** A sum of many integers has no integer type that all formats know: a decimal without digits behind the point holds it. */
    private static ColumnType type(String sql) {
        Matcher decimal = DECIMAL.matcher(sql);
        if (decimal.matches()) {
            return new ColumnType.Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        }
        return switch (sql) {
            case "BOOLEAN" -> ColumnType.Simple.BOOLEAN;
            case "TINYINT", "UTINYINT", "SMALLINT", "USMALLINT", "INTEGER", "UINTEGER", "BIGINT" ->
                ColumnType.Simple.LONG;
            case "UBIGINT", "HUGEINT", "UHUGEINT" -> new ColumnType.Decimal(38, 0);
            case "FLOAT", "DOUBLE" -> ColumnType.Simple.DOUBLE;
            case "DATE" -> ColumnType.Simple.DATE;
            case "TIMESTAMP WITH TIME ZONE" -> ColumnType.Simple.TIMESTAMP;
            default -> ColumnType.Simple.STRING;
        };
    }

    private @Nullable Object value(@Nullable Object value, ColumnType type) {
        return switch (value) {
            case null -> null;
            case Double number -> Double.isFinite(number) ? number : null;
            case Float number -> Float.isFinite(number) ? number.doubleValue() : null;
            case BigInteger number -> new BigDecimal(number);
            case BigDecimal number -> number;
            case Number number ->
                type instanceof ColumnType.Decimal ? BigDecimal.valueOf(number.longValue()) : number.longValue();
            case Boolean truth -> truth;
            case LocalDate day -> day;
            case java.sql.Date day -> day.toLocalDate();
            case OffsetDateTime time -> there(time.toInstant());
            case java.sql.Timestamp time -> there(time.toInstant());
            default -> value.toString();
        };
    }

    private OffsetDateTime there(Instant instant) {
        return instant.atZone(zone).toOffsetDateTime();
    }
}
