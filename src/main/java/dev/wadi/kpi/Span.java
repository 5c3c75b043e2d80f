package dev.wadi.kpi;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The time that is asked for, and the clock by which its periods begin. */
public sealed interface Span {
    /** UTC, by its own name: {@code Z} is another zone to Java. */
    ZoneId UTC = ZoneId.of("UTC");

    /** Whole days in UTC, from the DATE column.
     *
     * @param from first day counted; null for no limit
     * @param to last day counted; null for no limit
     */
    record Days(@Nullable LocalDate from, @Nullable LocalDate to) implements Span {
        @Override
        public ZoneId zone() {
            return UTC;
        }

        @Override
        public @Nullable String fromText() {
            return from == null ? null : from.toString();
        }

        @Override
        public @Nullable String toText() {
            return to == null ? null : to.toString();
        }

        @Override
        public boolean limited() {
            return from != null && to != null;
        }

        @Override
        public Span before(Shift shift) {
            return new Days(
                    from == null ? null : shift.back(from),
                    // by the first day that is not counted: a month before February 28 ends on January 31
                    to == null ? null : shift.back(to.plusDays(1)).minusDays(1));
        }

        @Override
        public List<Temporal> periods(Grain grain, int most) {
            return from == null || to == null ? List.of() : days(grain, from, to, most);
        }
    }

    /** From an instant until another, from the TIMESTAMP column.
     *
     * @param from first instant counted; null for no limit
     * @param until first instant after it that is not counted; null for no limit
     * @param zone where days and hours begin
     */
    record Moments(@Nullable Instant from, @Nullable Instant until, ZoneId zone) implements Span {
        @Override
        public @Nullable String fromText() {
            if (from == null) {
                return null;
            }
            return midnight(from) ? from.atZone(zone).toLocalDate().toString() : moment(from, zone);
        }

        @Override
        public @Nullable String toText() {
            if (until == null) {
                return null;
            }
            return midnight(until)
                    ? until.atZone(zone).toLocalDate().minusDays(1).toString()
                    : moment(until, zone);
        }

        @Override
        public boolean limited() {
            return from != null && until != null;
        }

        @Override
        public Span before(Shift shift) {
            return new Moments(
                    from == null ? null : shift.back(from, zone), until == null ? null : shift.back(until, zone), zone);
        }

        @Override
        public List<Temporal> periods(Grain grain, int most) {
            if (from == null || until == null) {
                return List.of();
            }
            if (grain != Grain.HOUR) {
                return days(
                        grain,
                        from.atZone(zone).toLocalDate(),
                        until.minusNanos(1).atZone(zone).toLocalDate(),
                        most);
            }
            List<Temporal> hours = new ArrayList<>();
            Instant hour = Grain.hour(from, zone);
            while (hour.isBefore(until) && hours.size() <= most) {
                hours.add(hour);
                Instant next = Grain.hour(hour.plusSeconds(3600), zone);
                hour = next.isAfter(hour) ? next : hour.plusSeconds(3600);
            }
            return hours;
        }

        private boolean midnight(Instant instant) {
            ZonedDateTime there = instant.atZone(zone);
            return there.toLocalDate().atStartOfDay(zone).toInstant().equals(instant);
        }
    }

    ZoneId zone();

    /** As it is written in a question; null for no limit. */
    @Nullable
    String fromText();

    /** The last day counted, or the first instant that is not; null for no limit. */
    @Nullable
    String toText();

    /** Whether it has a beginning and an end. */
    boolean limited();

    /** The span that this one is compared with. */
    Span before(Shift shift);

    /**
     * The starts of the periods that it touches, in order: days, or instants for hours. Empty when it is not limited.
     *
     * @param most one more than this ends the list
     */
    List<Temporal> periods(Grain grain, int most);

    private static List<Temporal> days(Grain grain, LocalDate from, LocalDate to, int most) {
        List<Temporal> starts = new ArrayList<>();
        for (LocalDate start = grain.start(from);
                !start.isAfter(to) && starts.size() <= most;
                start = grain.next(start)) {
            starts.add(start);
        }
        return starts;
    }

    /** ISO 8601 with the offset of the zone. */
    static String moment(Instant instant, ZoneId zone) {
        OffsetDateTime there = zone.equals(UTC)
                ? instant.atOffset(ZoneOffset.UTC)
                : instant.atZone(zone).toOffsetDateTime();
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(there);
    }
}
