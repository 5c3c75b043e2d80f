package dev.wadi.engine;

/** Quoting for the few places where SQL text is put together. Values are bound wherever SQL lets them be. */
public final class Sql {
    private Sql() {}

    /** {@code name} as a quoted identifier. */
    public static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** {@code text} as a string literal, for places that take no parameter (COPY targets, file lists). */
    public static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
