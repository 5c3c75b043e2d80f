package dev.wadi.kpi;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.TemporalUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The length of the periods that an answer is cut into. A period is named by its start. */
public enum Grain {
    /** A period is an instant: an hour of the clock on the wall of the time zone. */
    HOUR(ChronoUnit.HOURS),
    DAY(ChronoUnit.DAYS),
    /** ISO 8601: from Monday to Sunday. */
    WEEK(ChronoUnit.WEEKS),
    MONTH(ChronoUnit.MONTHS),
    QUARTER(IsoFields.QUARTER_YEARS),
    YEAR(ChronoUnit.YEARS);

    private final TemporalUnit unit;

    Grain(TemporalUnit unit) {
        this.unit = unit;
    }

    /** As people write it: {@code month}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Grain> find(String word) {
        return Arrays.stream(values())
                .filter(grain -> grain.word().equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Grain::word).toList();
    }

    /** The first day of the period that has {@code day}. */
    LocalDate start(LocalDate day) {
        return switch (this) {
            case HOUR, DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
            case QUARTER -> day.with(day.getMonth().firstMonthOfQuarter()).withDayOfMonth(1);
            case YEAR -> day.withDayOfYear(1);
        };
    }

    /** The first day of the next period. */
    LocalDate next(LocalDate start) {
        return start.plus(1, unit);
    }

    /** The start of the hour on the wall. In an hour that comes twice, at the end of summer, the two are told apart. */
    static Instant hour(Instant instant, ZoneId zone) {
        return instant.minusNanos(instant.atZone(zone).toLocalTime().toNanoOfDay() % 3_600_000_000_000L);
    }
}
