package dev.wadi.kpi;

/**
 * Who may see which rows: those whose dimension has a value that a claim of the asker lists.
 *
 * @param dimension name of a dimension of the KPI
 * @param claim name of the claim, such as {@code agencies}
 */
public record RowFilter(String dimension, String claim) {}
