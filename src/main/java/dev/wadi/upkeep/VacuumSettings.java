package dev.wadi.upkeep;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * When files go that no version needs any more.
 *
 * @param interval how often all tables are vacuumed; zero for never
 * @param retention for how long versions stay readable where the table itself
 *     ({@code delta.deletedFileRetentionDuration}) does not say
 * @param safetyAge how old a file must be that no log entry names: a younger one may be a write under way
 */
@ConfigurationProperties("wadi.vacuum")
public record VacuumSettings(
        @Bindable(defaultValue = "6h") Duration interval,
        @Bindable(defaultValue = "7d") Duration retention,
        @Bindable(defaultValue = "1h") Duration safetyAge) {
    public static final VacuumSettings DEFAULTS =
            new VacuumSettings(Duration.ofHours(6), Duration.ofDays(7), Duration.ofHours(1));

    public VacuumSettings {
        if (interval.isNegative()) {
            throw new IllegalArgumentException(
                    "wadi.vacuum.interval is %s: set it to a time such as 6h, or to 0s for never".formatted(interval));
        }
        if (!safetyAge.isPositive()) {
            throw new IllegalArgumentException(
                    "wadi.vacuum.safety-age is %s, so writes under way could be deleted: set it to a time such as 1h"
                            .formatted(safetyAge));
        }
        if (retention.compareTo(safetyAge) < 0) {
            throw new IllegalArgumentException(
                    "wadi.vacuum.retention is %s, shorter than wadi.vacuum.safety-age (%s), so files could go under readers in other processes: set it to a time such as 7d"
                            .formatted(retention, safetyAge));
        }
    }
}
