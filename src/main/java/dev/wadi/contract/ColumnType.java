package dev.wadi.contract;

/** The type of a table column. Each has one SQL type in DuckDB and one type in Delta. */
public sealed interface ColumnType {

    /** The DuckDB type, as it stands in a cast: {@code BIGINT}, {@code DECIMAL(18,2)}. */
    String sql();

    /** Types without parameters. */
    enum Simple implements ColumnType {
        STRING("VARCHAR"),
        BOOLEAN("BOOLEAN"),
        INTEGER("INTEGER"),
        LONG("BIGINT"),
        DOUBLE("DOUBLE"),
        DATE("DATE"),
        /** An instant: microseconds since the epoch, UTC. */
        TIMESTAMP("TIMESTAMPTZ"),
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
}
