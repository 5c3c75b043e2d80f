package dev.wadi.kpi;

import dev.wadi.contract.ColumnType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text of a request as the value that JDBC binds for a column. */
final class Value {
    /** Bounded in length: {@code 1e999999999} would be a number of a gigabyte. */
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,38}(\\.\\d{1,38})?");

    private Value() {}

    /** Empty when {@code text} is no value of the type. */
    static Optional<Object> read(ColumnType type, String text) {
        try {
            return switch (type) {
                case ColumnType.Decimal decimal -> number(text);
                case ColumnType.Struct struct -> Optional.empty();
                case ColumnType.Array array -> Optional.empty();
                case ColumnType.Simple simple ->
                    switch (simple) {
                        case STRING, JSON -> Optional.of(text);
                        case BOOLEAN ->
                            text.equals("true") || text.equals("false")
                                    ? Optional.of(Boolean.valueOf(text))
                                    : Optional.empty();
                        case SMALLINT, INTEGER, LONG -> Optional.of(Long.valueOf(text));
                        case FLOAT, DOUBLE -> number(text);
                        case BINARY -> Optional.empty();
                        case DATE -> Optional.of(LocalDate.parse(text));
                        case TIMESTAMP -> Optional.of(OffsetDateTime.parse(text));
                    };
            };
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What to write, for people. */
    static String form(ColumnType type) {
        return switch (type) {
            case ColumnType.Decimal decimal -> "a number such as 12.50";
            case ColumnType.Struct struct -> "nothing: objects are not compared";
            case ColumnType.Array array -> "nothing: arrays are not compared";
            case ColumnType.Simple simple ->
                switch (simple) {
                    case STRING, JSON -> "text";
                    case BOOLEAN -> "true or false";
                    case SMALLINT, INTEGER, LONG -> "a whole number";
                    case BINARY -> "nothing: bytes are not compared";
                    case FLOAT, DOUBLE -> "a number such as 12.5";
                    case DATE -> "a day as YYYY-MM-DD";
                    case TIMESTAMP -> "an instant such as 2026-01-31T12:00:00Z";
                };
        };
    }

    private static Optional<Object> number(String text) {
        return DECIMAL.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }
}
