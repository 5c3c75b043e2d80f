package dev.wadi.contract;

import java.util.regex.Pattern;

/**
 * The name of a table in the lake: a layer and a name, written {@code bronze.clickstream}.
 *
 * <p>Both parts are lower-case identifiers ({@code [a-z][a-z0-9_]*}), so a name is always safe as a folder, a Camel
 * endpoint and a quoted SQL identifier.
 */
public record TableName(String layer, String name) implements Comparable<TableName> {
    private static final Pattern PART = Pattern.compile("[a-z][a-z0-9_]{0,127}");

    public TableName {
        if (!PART.matcher(layer).matches() || !PART.matcher(name).matches()) {
            throw new IllegalArgumentException(("'%s.%s' is not a table name: write layer.name in lower case,"
                            + " with letters, digits and _, such as silver.bookings")
                    .formatted(layer, name));
        }
    }

    /** @throws IllegalArgumentException when {@code text} is not {@code layer.name}; the message says what to write */
    public static TableName parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException(
                    "'%s' is not a table name: write layer.name, such as silver.bookings".formatted(text));
        }
        return new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    @Override
    public int compareTo(TableName other) {
        return toString().compareTo(other.toString());
    }

    /** {@code layer.name}. */
    @Override
    public String toString() {
        return layer + "." + name;
    }
}
