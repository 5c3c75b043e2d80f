package dev.wadi.sql;

import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives the rows of a result to the process that asked, in the few Java types that {@link SqlAnswer} knows. */
final class CellRows {
    /** What a value takes beside its text. */
    private static final int OVERHEAD = 16;

    private final ResultSet result;
    private final DataOutputStream out;
    private final int columns;
    private long bytes;

    CellRows(ResultSet result, DataOutputStream out) throws SQLException {
        this.result = result;
        this.out = out;
        this.columns = result.getMetaData().getColumnCount();
    }

    void write(int most, long mostBytes) throws SQLException, IOException {
        header();
        boolean more = result.next();
        for (int rows = 0; more && rows < most && bytes < mostBytes; rows++) {
            @Nullable Object[] row = new Object[columns];
            for (int n = 0; n < columns; n++) {
                row[n] = value(n + 1);
                bytes += OVERHEAD + (row[n] instanceof String text ? text.length() : 0);
            }
            out.writeByte(Wire.ROW);
            for (Object value : row) {
                Wire.value(out, value);
            }
            more = result.next();
        }
        out.writeByte(Wire.END);
        out.writeBoolean(more);
    }

    /** A name that is there already gets a number, as DuckDB does in a view. */
    private void header() throws SQLException, IOException {
        ResultSetMetaData types = result.getMetaData();
        out.writeByte(Wire.COLUMNS);
        out.writeInt(columns);
        Set<String> taken = new HashSet<>();
        for (int n = 1; n <= columns; n++) {
            String name = types.getColumnLabel(n);
            for (int more = 1; !taken.add(name.toLowerCase(Locale.ROOT)); more++) {
                name = types.getColumnLabel(n) + "_" + more;
            }
            Wire.text(out, name);
            Wire.text(out, types.getColumnTypeName(n));
        }
    }

    private @Nullable Object value(int column) throws SQLException {
        Object value = result.getObject(column);
        return switch (value) {
            case null -> null;
            case Boolean truth -> truth;
            case BigInteger number -> new BigDecimal(number);
            case BigDecimal number -> number;
            case Double number -> finite(number);
            case Float number -> finite(Double.parseDouble(number.toString()));
            case Number number -> number.longValue();
            case LocalDate day -> day;
            case OffsetDateTime time -> time;
            case Timestamp time -> time.toLocalDateTime().toString();
            case Blob blob -> Base64.getEncoder().encodeToString(blob.getBytes(1, (int) blob.length()));
            default -> result.getString(column);
        };
    }

    private static @Nullable Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }
}
