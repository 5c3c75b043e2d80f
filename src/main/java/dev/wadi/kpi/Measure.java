package dev.wadi.kpi;

import org.jspecify.annotations.Nullable;

/** What makes one value of many rows. */
public sealed interface Measure {
    /** As one SQL expression over the rows of a group; null when it has no value there. */
    String sql();

    /** An SQL aggregate. */
    record Aggregate(String sql) implements Measure {}

    /**
     * One aggregate divided by another. It has no value where the denominator is 0.
     *
     * @param decimals digits that the quotient is rounded to; null for as many as a double has
     */
    record Ratio(
            String numerator, String denominator, @Nullable Integer decimals) implements Measure {
        @Override
        public String sql() {
            // the line breaks end a comment in the definition
            return "CAST((%s\n) / nullif((%s\n), 0) AS %s)"
                    .formatted(
                            numerator, denominator, decimals == null ? "DOUBLE" : "DECIMAL(38,%d)".formatted(decimals));
        }
    }
}
