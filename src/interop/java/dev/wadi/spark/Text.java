package dev.wadi.spark;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * A value as text, the same for every reader: dates and instants in ISO form (UTC), decimals with all digits of their scale,
 * doubles as Java writes them ({@code -0.0}, {@code NaN}), null as null.
 */
final class Text {
    private Text() {}

    static String of(Object value) {
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : Objects.toString(value, null);
    }
}
