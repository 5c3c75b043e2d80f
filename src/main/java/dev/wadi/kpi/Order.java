package dev.wadi.kpi;

/**
 * What the rows of an answer are sorted by. Rows without a value come last, in either direction.
 *
 * @param key {@code time}, a figure such as {@code value}, or a dimension that is grouped by
 */
public record Order(String key, boolean descending) {
    static final String TIME = "time";
}
