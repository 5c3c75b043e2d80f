package dev.wadi.kpi;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of who asks: values by the name of the claim.
 *
 * @param values null when nobody is asked who they are; then no row filter applies
 */
public record Claims(@Nullable Map<String, List<String>> values) {
    /** Of a Wadi that asks nobody who they are. */
    public static final Claims OPEN = new Claims(null);

    public Claims {
        values = values == null ? null : Map.copyOf(values);
    }
}
