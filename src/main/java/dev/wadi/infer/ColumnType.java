package dev.wadi.infer;

import dev.wadi.contract.EventShape.Type;

/** How a column of silver with values of one type is called: in its contract, twice, and in SQL. */
record ColumnType(String logical, String physical, String sql) {
    static ColumnType of(Type type) {
        return switch (type) {
            case STRING -> new ColumnType("string", "STRING", "VARCHAR");
            case INTEGER -> new ColumnType("integer", "LONG", "BIGINT");
            case NUMBER -> new ColumnType("number", "DOUBLE", "DOUBLE");
            case BOOLEAN -> new ColumnType("boolean", "BOOLEAN", "BOOLEAN");
            case DATE -> new ColumnType("date", "DATE", "DATE");
            case TIMESTAMP -> new ColumnType("timestamp", "TIMESTAMP", "TIMESTAMPTZ");
            case OBJECT, ARRAY -> new ColumnType("object", "JSON", "JSON");
        };
    }
}
