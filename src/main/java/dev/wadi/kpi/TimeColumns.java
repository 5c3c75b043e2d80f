package dev.wadi.kpi;

import org.jspecify.annotations.Nullable;

/**
 * The columns that say when a row happened; at least one.
 *
 * @param day DATE column, the day in UTC: cheapest to group by; null for none
 * @param instant TIMESTAMP column, needed for time zones, hours and periods that begin within a day; null for none
 */
public record TimeColumns(@Nullable String day, @Nullable String instant) {
    public TimeColumns {
        if (day == null && instant == null) {
            throw new IllegalArgumentException("no column says when a row happened");
        }
    }
}
