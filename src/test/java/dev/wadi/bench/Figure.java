package dev.wadi.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A measured value beside what it was compared with.
 *
 * @param name what was measured
 * @param value in {@code unit}
 * @param baselineName what it is compared with
 * @param baseline in {@code unit}; NaN where there is only an aim
 * @param aim the bar it should clear; null when there is none
 */
record Figure(
        String name,
        double value,
        String unit,
        String baselineName,
        double baseline,
        @Nullable Aim aim) {

    /** A bar, and on which side of it is good. */
    record Aim(double bar, boolean atLeast) {
        boolean met(double value) {
            return atLeast ? value >= bar : value <= bar;
        }
    }

    static Figure of(String name, double value, String unit, String baselineName, double baseline) {
        return new Figure(name, value, unit, baselineName, baseline, null);
    }

    Figure atLeast(double bar) {
        return new Figure(name, value, unit, baselineName, baseline, new Aim(bar, true));
    }

    Figure atMost(double bar) {
        return new Figure(name, value, unit, baselineName, baseline, new Aim(bar, false));
    }

    /** A row of the table that {@link #header} opens. */
    String row() {
        String ratio = Double.isNaN(baseline) ? "" : String.format(Locale.ROOT, "%.2f", value / baseline);
        String compared = Double.isNaN(baseline) ? baselineName : baselineName + ": " + number(baseline) + " " + unit;
        String verdict = aim == null
                ? ""
                : "%s %s: %s"
                        .formatted(aim.atLeast() ? ">=" : "<=", number(aim.bar()), aim.met(value) ? "met" : "MISSED");
        return "| %s | %s %s | %s | %s | %s |".formatted(name, number(value), unit, compared, ratio, verdict);
    }

    static String header() {
        return "| what | figure | compared with | ratio | aim |\n|---|---|---|---|---|";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%,.2f" : "%,.0f", value);
    }
}
