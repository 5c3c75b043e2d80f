package dev.wadi.kpi;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Span}, and the {@link Shift} to another, of {@code from}, {@code to}, {@code tz} and {@code compare_to}. */
final class SpanReader {
    /** The forms of a time, as an error lists them. */
    static final List<String> FORMS = List.of(
            "YYYY-MM-DD",
            "YYYY-MM-DDThh:mm:ssZ",
            "today",
            "yesterday",
            "now",
            "-30d",
            "-4w",
            "-12m",
            "-1q",
            "-1y",
            "-24h");

    static final List<String> SHIFTS =
            List.of("previous_period", "previous_year", "-7d", "-4w", "-1m", "-1q", "-1y", "-24h");

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    /** The blank is what a plus sign is in an address. */
    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)(Z|[-+ ]\\d{2}:\\d{2})?");

    private static final Pattern BACK = Pattern.compile("-(\\d{1,5})([hdwmqy])");
    private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();
    private static final ZoneId UTC = Span.UTC;

    private final Kpi kpi;
    private final Asked asked;
    private final Clock clock;
    private final ZoneId zone;
    private @Nullable Instant now;

    SpanReader(Kpi kpi, Asked asked, Clock clock) {
        this.kpi = kpi;
        this.asked = asked;
        this.clock = clock;
        this.zone = zone();
    }

    /** The clock is asked once at most, and only by words that move with it. */
    private Instant now() {
        if (now == null) {
            now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        }
        return now;
    }

    /** One end of a span, as it was written. */
    private sealed interface End {
        record Day(LocalDate date) implements End {}

        record Moment(Instant instant) implements End {}
    }

    /**
     * @param grain that is asked for; null for none
     * @param closed whether it must have both ends, and why: the parameter that needs them
     */
    Span read(@Nullable Grain grain, Optional<String> closed) {
        End from = end("from");
        End to = end("to");
        if (closed.isPresent()) {
            if (from == null) {
                throw new QuestionException(
                        "from",
                        "%s needs from: without it no one can say where the time begins. Write from, such as from=-30d."
                                .formatted(closed.get()),
                        FORMS);
            }
            to = to == null ? new End.Day(today()) : to;
        }
        boolean moments = kpi.time().day() == null
                || !zone.equals(UTC)
                || grain == Grain.HOUR
                || from instanceof End.Moment
                || to instanceof End.Moment;
        return moments ? moments(from, to) : days((End.Day) from, (End.Day) to);
    }

    private Span days(End.@Nullable Day from, End.@Nullable Day to) {
        LocalDate first = from == null ? null : from.date();
        LocalDate last = to == null ? null : to.date();
        if (first != null && last != null && first.isAfter(last)) {
            throw wrongOrder("no day lies between them");
        }
        return new Span.Days(first, last);
    }

    private Span moments(@Nullable End from, @Nullable End to) {
        Instant first = switch (from) {
            case null -> null;
            case End.Day day -> start(day.date());
            case End.Moment moment -> moment.instant();
        };
        Instant until = switch (to) {
            case null -> null;
            case End.Day day -> start(day.date().plusDays(1));
            case End.Moment moment -> moment.instant();
        };
        if (first != null && until != null && !first.isBefore(until)) {
            throw wrongOrder("no time lies between them");
        }
        return new Span.Moments(first, until, zone);
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    private QuestionException wrongOrder(String why) {
        return new QuestionException(
                "from",
                "from=%s is after to=%s: %s. Exchange them."
                        .formatted(
                                asked.single("from").orElse(""),
                                asked.single("to").orElse("today"),
                                why),
                List.of("from <= to"));
    }

    private ZoneId zone() {
        String text = asked.single("tz").orElse("UTC");
        if (text.equals("UTC") || text.equals("Z")) {
            return UTC;
        }
        if (!ZONES.contains(text) || !text.contains("/") || text.startsWith("SystemV/")) {
            throw new QuestionException(
                    "tz",
                    "tz=%s is no time zone. Write the name of one, such as Europe/Berlin, or UTC.".formatted(text),
                    List.of("UTC", "Europe/Berlin", "Area/City"));
        }
        if (kpi.time().instant() == null) {
            throw new QuestionException(
                    "tz",
                    "tz=%s cannot apply: the time of %s is the column %s, which holds days in UTC and no time of day. Leave tz out."
                            .formatted(text, kpi.name(), kpi.time().day()),
                    List.of("UTC"));
        }
        return ZoneId.of(text);
    }

    private @Nullable End end(String name) {
        String text = asked.single(name).orElse(null);
        if (text == null) {
            return null;
        }
        try {
            End end = end(name, text);
            if (end != null) {
                return end;
            }
        } catch (DateTimeException e) {
            // a day that the calendar does not have, such as 2026-02-30: said below
        }
        throw new QuestionException(
                name,
                "%s=%s is not a time. Write a day as YYYY-MM-DD, a time as 2026-01-31T12:00:00Z, or count back from today: -30d, -12m."
                        .formatted(name, text),
                FORMS);
    }

    private @Nullable End end(String name, String text) {
        if (text.equals("today")) {
            return new End.Day(today());
        }
        if (text.equals("yesterday")) {
            return new End.Day(today().minusDays(1));
        }
        if (text.equals("now")) {
            return kpi.time().instant() == null ? new End.Day(today()) : new End.Moment(now());
        }
        if (DATE.matcher(text).matches()) {
            return new End.Day(LocalDate.parse(text));
        }
        Matcher back = BACK.matcher(text);
        if (back.matches()) {
            long amount = Long.parseLong(back.group(1));
            return switch (back.group(2)) {
                case "h" -> moment(name, text, now().minus(amount, ChronoUnit.HOURS));
                case "d" -> new End.Day(today().minusDays(amount));
                case "w" -> new End.Day(today().minusWeeks(amount));
                case "m" -> new End.Day(today().minusMonths(amount));
                case "q" -> new End.Day(today().minusMonths(3 * amount));
                default -> new End.Day(today().minusYears(amount));
            };
        }
        Matcher time = TIME.matcher(text);
        if (time.matches()) {
            String offset = time.group(2);
            Instant instant = offset == null
                    ? LocalDateTime.parse(time.group(1)).atZone(zone).toInstant()
                    : OffsetDateTime.parse(time.group(1) + offset.replace(' ', '+'))
                            .toInstant();
            return moment(name, text, instant.truncatedTo(ChronoUnit.MICROS));
        }
        return null;
    }

    private End moment(String name, String text, Instant instant) {
        if (kpi.time().instant() == null) {
            throw new QuestionException(
                    name,
                    "%s=%s is a time of day, and the column %s of %s holds whole days in UTC. Write a day as YYYY-MM-DD."
                            .formatted(name, text, kpi.time().day(), kpi.table()),
                    List.of("YYYY-MM-DD", "today", "yesterday", "-30d", "-12m"));
        }
        return new End.Moment(instant);
    }

    private LocalDate today() {
        return now().atZone(zone).toLocalDate();
    }

    /** The shift that {@code compare_to} asks for; null when it does not ask. */
    @Nullable
    Shift shift(Span span) {
        String text = asked.single("compare_to").orElse(null);
        if (text == null) {
            return null;
        }
        if (text.equals("previous_period")) {
            return previous(text, span);
        }
        if (text.equals("previous_year")) {
            return new Shift(text, 1, ChronoUnit.YEARS, false);
        }
        Matcher back = BACK.matcher(text);
        if (!back.matches() || back.group(1).matches("0+")) {
            throw new QuestionException(
                    "compare_to",
                    "compare_to=%s is nothing to compare with. Write previous_period, previous_year, or how far back, such as -7d or -1m."
                            .formatted(text),
                    SHIFTS);
        }
        long amount = Long.parseLong(back.group(1));
        return switch (back.group(2)) {
            case "h" -> {
                if (!(span instanceof Span.Moments)) {
                    throw new QuestionException(
                            "compare_to",
                            "compare_to=%s counts hours, and the question counts whole days. Write -1d, or a time of day in from and to."
                                    .formatted(text),
                            SHIFTS);
                }
                yield new Shift(text, amount, ChronoUnit.HOURS, false);
            }
            case "d" -> new Shift(text, amount, ChronoUnit.DAYS, false);
            case "w" -> new Shift(text, amount, ChronoUnit.WEEKS, false);
            case "m" -> new Shift(text, amount, ChronoUnit.MONTHS, false);
            case "q" -> new Shift(text, 3 * amount, ChronoUnit.MONTHS, false);
            default -> new Shift(text, amount, ChronoUnit.YEARS, false);
        };
    }

    /** As long as the span: months when it consists of whole months, days when of whole days. */
    private static Shift previous(String text, Span span) {
        if (span instanceof Span.Days days && days.from() != null && days.to() != null) {
            return previous(text, days.from(), days.to().plusDays(1));
        }
        if (span instanceof Span.Moments moments && moments.from() != null && moments.until() != null) {
            ZonedDateTime from = moments.from().atZone(moments.zone());
            ZonedDateTime until = moments.until().atZone(moments.zone());
            if (midnight(from) && midnight(until)) {
                return previous(text, from.toLocalDate(), until.toLocalDate());
            }
            return new Shift(text, ChronoUnit.MICROS.between(moments.from(), moments.until()), ChronoUnit.MICROS, true);
        }
        throw new IllegalArgumentException("a span without an end has no previous one");
    }

    private static boolean midnight(ZonedDateTime time) {
        return time.toLocalDate().atStartOfDay(time.getZone()).equals(time);
    }

    private static Shift previous(String text, LocalDate from, LocalDate until) {
        return from.getDayOfMonth() == 1 && until.getDayOfMonth() == 1
                ? new Shift(text, ChronoUnit.MONTHS.between(from, until), ChronoUnit.MONTHS, true)
                : new Shift(text, ChronoUnit.DAYS.between(from, until), ChronoUnit.DAYS, true);
    }
}
