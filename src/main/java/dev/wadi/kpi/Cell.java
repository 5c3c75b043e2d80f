package dev.wadi.kpi;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value of an answer, by the row that it stands in.
 *
 * @param time the start of the row's period: a day, or an instant where the grain is an hour; null without a grain
 * @param by the row's value of each dimension of {@link Question#by}, in their order; null for those that have none
 * @param previous whether it is the value that is compared with
 */
public record Cell(Question question, @Nullable Temporal time, List<@Nullable Object> by, boolean previous) {
    public Cell {
        by = Collections.unmodifiableList(new ArrayList<>(by));
        if (by.size() != question.by().size() || (time == null) != (question.grain() == null)) {
            throw new IllegalArgumentException("not a row of " + question.text());
        }
    }

    /** The cell of a row of an answer. @param columns of the answer */
    public static Cell of(
            Question question, List<Answer.Column> columns, List<@Nullable Object> row, boolean previous) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int n = 0; n < columns.size(); n++) {
            values.put(columns.get(n).name(), row.get(n));
        }
        Temporal time = question.grain() == null
                ? null
                : Objects.requireNonNull(values.get(Order.TIME)) instanceof java.time.OffsetDateTime instant
                        ? instant.toInstant()
                        : (LocalDate) values.get(Order.TIME);
        List<@Nullable Object> by = new ArrayList<>();
        question.by().forEach(dimension -> by.add(values.get(dimension.name())));
        return new Cell(question, time, by, previous);
    }

    /** As it is written in a request: {@code time:2026-01-31}, {@code country:DE}, or {@code country} where there is no value. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        if (time != null) {
            words.add(Order.TIME + ":" + time);
        }
        for (int n = 0; n < by.size(); n++) {
            Object value = by.get(n);
            words.add(question.by().get(n).name() + (value == null ? "" : ":" + AnswerJson.text(value)));
        }
        return words;
    }

    /** The time that its rows are in. */
    Span span() {
        return previous ? question.span().before(Objects.requireNonNull(question.compareTo())) : question.span();
    }

    /** The start of the period that its rows are in: where it is compared with another, that one's; null when there is none. */
    @Nullable
    Temporal period() {
        Grain grain = question.grain();
        Shift shift = question.compareTo();
        if (!previous || grain == null || shift == null) {
            return time;
        }
        return shift.pairs(question.span(), grain, QuestionReader.MAX_PERIODS).stream()
                .filter(pair -> pair.now().equals(time))
                .map(Shift.Pair::before)
                .findFirst()
                .orElse(null);
    }

    /** An instant or a day, as a request has it; null when it is none. */
    static @Nullable Temporal time(Grain grain, String text) {
        try {
            return grain == Grain.HOUR
                    ? java.time.OffsetDateTime.parse(text.replace(' ', '+')).toInstant()
                    : LocalDate.parse(text);
        } catch (java.time.DateTimeException e) {
            return null;
        }
    }

    /** How a time is written in the cells of a question. */
    static String form(Grain grain) {
        return grain == Grain.HOUR ? Instant.EPOCH.toString() : LocalDate.EPOCH.toString();
    }
}
