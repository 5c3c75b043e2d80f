package dev.wadi.contract;

import java.util.List;
import java.util.stream.Collectors;

/** The type of a table column. Each has one SQL type in DuckDB and one type in Delta. */
public sealed interface ColumnType {

    /** The DuckDB type, as it stands in a cast: {@code BIGINT}, {@code DECIMAL(18,2)}, {@code STRUCT("a" VARCHAR)[]}. */
    String sql();

    /** Whether values hold other values, so that they have no order and are no key. */
    default boolean nested() {
        return false;
    }

    /** Types without parameters. */
    enum Simple implements ColumnType {
        STRING("VARCHAR"),
        BOOLEAN("BOOLEAN"),
        SMALLINT("SMALLINT"),
        INTEGER("INTEGER"),
        LONG("BIGINT"),
        /** 32 bits. */
        FLOAT("FLOAT"),
        /** 64 bits. */
        DOUBLE("DOUBLE"),
        DATE("DATE"),
        /** An instant: microseconds since the epoch, UTC. */
        TIMESTAMP("TIMESTAMPTZ"),
        BINARY("BLOB"),
        /** A JSON document, kept as its text. */
        JSON("VARCHAR");

        private final String sql;

        Simple(String sql) {
            this.sql = sql;
        }

        @Override
        public String sql() {
            return sql;
        }
    }

    /** An exact number with {@code scale} digits behind the point; {@code precision} at most 38. */
    record Decimal(int precision, int scale) implements ColumnType {
        public Decimal {
            if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
                throw new IllegalArgumentException(
                        "DECIMAL(%d,%d) does not exist: precision is 1 to 38, scale 0 to precision"
                                .formatted(precision, scale));
            }
        }

        @Override
        public String sql() {
            return "DECIMAL(%d,%d)".formatted(precision, scale);
        }
    }

    /** An object with these fields, each of which may be null; never without fields. */
    record Struct(List<Field> fields) implements ColumnType {
        /** A field of an object. */
        public record Field(String name, ColumnType type, String description) {}

        public Struct {
            fields = List.copyOf(fields);
        }

        @Override
        public String sql() {
            return fields.stream()
                    .map(field ->
                            "\"%s\" %s".formatted(field.name(), field.type().sql()))
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }

        @Override
        public boolean nested() {
            return true;
        }
    }

    /** A list of any length, of items each of which may be null. */
    record Array(ColumnType items) implements ColumnType {
        @Override
        public String sql() {
            return items.sql() + "[]";
        }

        @Override
        public boolean nested() {
            return true;
        }
    }
}
