package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionReaderTest {
    /** Half an hour before midnight in UTC: tomorrow in Berlin. */
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-31T23:30:00Z"), ZoneOffset.UTC);

    private final Kpis kpis = Gold.kpis();

    @Test
    void nothing_asked_means_everything_as_one_total() {
        Question question = read(Map.of());

        assertThat(question.span()).isEqualTo(new Span.Days(null, null));
        assertThat(question.grain()).isNull();
        assertThat(question.by()).isEmpty();
        assertThat(question.limit()).isEqualTo(1000);
        assertThat(question.offset()).isZero();
    }

    @Test
    void a_misspelt_parameter_is_refused_with_those_there_are() {
        QuestionException refused = refused(Map.of("form", List.of("2026-01-01")));

        assertThat(refused)
                .hasMessage(
                        "There is no parameter 'form'. Use from, to, tz, grain, by, where, compare_to, fill, having, order,"
                                + " totals, as_of, versions, limit, offset.");
        assertThat(refused.parameter()).isEqualTo("form");
        assertThat(refused.allowed()).isEqualTo(QuestionReader.PARAMETERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-30",
                "2026-1-1",
                "01.02.2026",
                "tomorrow",
                "2026-01-01T25:00:00Z",
                "+12026-01-01",
                "-d",
                "30d"
            })
    void what_is_no_day_is_refused(String day) {
        assertThat(refused(Map.of("from", List.of(day))))
                .hasMessageStartingWith("from=%s is not a time. Write a day as YYYY-MM-DD,".formatted(day));
    }

    @ParameterizedTest
    @CsvSource({
        "today, UTC, 2026-03-31",
        "yesterday, UTC, 2026-03-30",
        "-30d, UTC, 2026-03-01",
        "-2w, UTC, 2026-03-17",
        "-1m, UTC, 2026-02-28",
        "-1q, UTC, 2025-12-31",
        "-1y, UTC, 2025-03-31",
        "now, UTC, 2026-03-31T23:30:00Z",
        "-24h, UTC, 2026-03-30T23:30:00Z",
        "today, Europe/Berlin, 2026-04-01",
        "-1d, Europe/Berlin, 2026-03-31",
        "now, Europe/Berlin, 2026-04-01T01:30:00+02:00",
        "2026-03-31T22:00:00Z, Europe/Berlin, 2026-04-01",
        "2026-03-29T04:00, Europe/Berlin, 2026-03-29T04:00:00+02:00",
        "2026-03-29T04:00:00 01:00, UTC, 2026-03-29T03:00:00Z",
    })
    void a_time_is_a_day_an_instant_or_counted_back_from_now(String text, String zone, String expected) {
        assertThat(read(Map.of("from", List.of(text), "tz", List.of(zone)))
                        .span()
                        .fromText())
                .isEqualTo(expected);
    }

    @Test
    void the_same_time_as_text_is_the_same_question() {
        assertThat(read(Map.of("from", List.of("-30d"), "by", List.of("country")))
                        .text())
                .isEqualTo(read(Map.of(
                                "by",
                                List.of("country", "country"),
                                "from",
                                List.of("2026-03-01"),
                                "tz",
                                List.of("UTC")))
                        .text())
                .isEqualTo("orders?from=2026-03-01&by=country&limit=1000&offset=0");
    }

    @Test
    void what_the_kpi_cannot_be_asked_is_refused_with_what_it_can() {
        assertThat(refused("events", "tz", "Europe/Berlin"))
                .hasMessage(
                        "tz=Europe/Berlin cannot apply: the time of events is the column event_date, which holds days in UTC"
                                + " and no time of day. Leave tz out.");
        assertThat(refused("events", "from", "2026-01-01T12:00:00Z"))
                .hasMessageContaining(
                        "is a time of day, and the column event_date of gold.fact_events holds whole days");
        assertThat(refused("orders", "tz", "Berlin")).hasMessageContaining("is no time zone");
        assertThat(refused("orders", "fill", "0")).hasMessageContaining("needs a grain");
        assertThat(refused("orders", "fill", "0", "grain", "day")).hasMessageContaining("fill needs from");
        assertThat(refused("orders", "fill", "x", "grain", "day")).hasMessageContaining("Write 0 or null");
        assertThat(refused("average-order-value", "fill", "0", "grain", "day", "from", "-3d"))
                .hasMessage("average-order-value is a ratio, and a ratio of nothing is not 0. Write fill=null.");
        assertThat(refused("orders", "fill", "0", "grain", "hour", "from", "2020-01-01"))
                .hasMessageContaining("makes more than 10000 periods");
        assertThat(refused("active-users", "totals", "true"))
                .hasMessageStartingWith("active-users is non-additive: its values of several rows cannot be added up.");
        assertThat(refused("orders", "compare_to", "previous_year")).hasMessageContaining("compare_to needs from");
        assertThat(refused("orders", "compare_to", "last", "from", "-3d"))
                .hasMessageContaining("nothing to compare with");
        assertThat(refused("events", "compare_to", "-3h", "from", "-3d")).hasMessageContaining("counts whole days");
        assertThat(refused("orders", "having", "value:gt")).hasMessageContaining("such as value:gt:100");
        assertThat(refused("orders", "having", "ratio:gt:1"))
                .hasMessageContaining("a row has no figure 'ratio'. Use value.");
        assertThat(refused("orders", "having", "value:gt:many"))
                .hasMessageContaining("'many' cannot be compared with value");
        assertThat(refused("orders", "order", "country"))
                .hasMessageContaining("the rows have no 'country' to sort by. Use value.");
        assertThat(refused("orders", "order", "value:down")).hasMessageContaining("Write value:asc or value:desc.");
        assertThat(refused("orders", "where", "status:between:a"))
                .hasMessageContaining("between takes two values, and there is 1");
        assertThat(refused("orders", "where", "status:like:a\\")).hasMessageContaining("ends with a backslash");
        assertThat(refused("orders", "totals", "yes")).hasMessageContaining("neither true nor false");
    }

    @Test
    void from_behind_to_is_refused_and_one_day_is_not() {
        assertThat(refused(Map.of("from", List.of("2026-02-01"), "to", List.of("2026-01-31"))))
                .hasMessage("from=2026-02-01 is after to=2026-01-31: no day lies between them. Exchange them.");
        assertThat(read(Map.of("from", List.of("2026-02-01"), "to", List.of("2026-02-01")))
                        .span()
                        .fromText())
                .isEqualTo("2026-02-01");
    }

    @Test
    void an_unknown_grain_is_refused_with_those_there_are() {
        QuestionException refused = refused(Map.of("grain", List.of("days")));

        assertThat(refused)
                .hasMessage(
                        "orders has no grain 'days'. Use hour, day, week, month, quarter, year, or leave it out for one total.");
        assertThat(refused.allowed()).containsExactly("hour", "day", "week", "month", "quarter", "year");
    }

    @Test
    void an_unknown_dimension_is_refused_with_those_there_are() {
        QuestionException by = refused(Map.of("by", List.of("country,county")));
        QuestionException where = refused(Map.of("where", List.of("county:eq:x")));

        assertThat(by).hasMessageStartingWith("orders has no dimension 'county'. Use currency, status, agency,");
        assertThat(by.allowed()).contains("country").doesNotContain("county");
        assertThat(where.allowed()).isEqualTo(by.allowed());
    }

    @ParameterizedTest
    @CsvSource({
        "country=DE, where=country=DE is not a condition.",
        "country:is:DE, where=country:is:DE: there is no operator 'is'. 'Use eq, ne, in, not_in, lt, le, gt, ge, between, like.'",
    })
    void what_is_no_condition_is_refused(String condition, String message) {
        assertThat(refused(Map.of("where", List.of(condition))))
                .hasMessageContaining(message.replace("'Use", "Use").replace("like.'", "like."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "10001", "ten", "1.5", "99999999999999999999", "1e3"})
    void a_limit_out_of_range_is_refused(String limit) {
        assertThat(refused(Map.of("limit", List.of(limit))))
                .hasMessage("limit=%s is out of range. Write a whole number from 1 to 10000.".formatted(limit));
    }

    @Test
    void a_parameter_given_twice_is_refused_except_by_and_where() {
        assertThat(refused(Map.of("grain", List.of("day", "month"))))
                .hasMessage("grain is there 2 times. Write it once.");
        Question question = read(
                Map.of("by", List.of("country", "segment,country"), "where", List.of("status:ne:x", "agency:eq:a:b")));
        assertThat(question.by()).extracting(Dimension::name).containsExactly("country", "segment");
        assertThat(question.where()).extracting(Condition::values).containsExactly(List.of("a:b"), List.of("x"));
    }

    @Test
    void what_the_kpi_is_always_grouped_by_is_added_once() {
        assertThat(read("revenue", Map.of("by", List.of("country"))).by())
                .extracting(Dimension::name)
                .containsExactly("country", "currency");
        assertThat(read("revenue", Map.of("by", List.of("currency,country"))).by())
                .extracting(Dimension::name)
                .containsExactly("currency", "country");
    }

    private Question read(Map<String, List<String>> parameters) {
        return read("orders", parameters);
    }

    private Question read(String kpi, Map<String, List<String>> parameters) {
        return QuestionReader.read(kpis.find(kpi).orElseThrow(), parameters, CLOCK, Claims.OPEN);
    }

    private QuestionException refused(String kpi, String... parameters) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        for (int n = 0; n < parameters.length; n += 2) {
            map.put(parameters[n], List.of(parameters[n + 1]));
        }
        return catchThrowableOfType(QuestionException.class, () -> read(kpi, map));
    }

    private QuestionException refused(Map<String, List<String>> parameters) {
        return catchThrowableOfType(QuestionException.class, () -> read(parameters));
    }
}
