package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionReaderTest {
    private final Kpis kpis = Gold.kpis();

    @Test
    void nothing_asked_means_everything_as_one_total() {
        Question question = read(Map.of());

        assertThat(question.from()).isNull();
        assertThat(question.to()).isNull();
        assertThat(question.grain()).isNull();
        assertThat(question.by()).isEmpty();
        assertThat(question.limit()).isEqualTo(1000);
        assertThat(question.offset()).isZero();
    }

    @Test
    void a_misspelt_parameter_is_refused_with_those_there_are() {
        QuestionException refused = refused(Map.of("form", List.of("2026-01-01")));

        assertThat(refused)
                .hasMessage("There is no parameter 'form'. Use from, to, grain, by, where, asOf, limit, offset.");
        assertThat(refused.parameter()).isEqualTo("form");
        assertThat(refused.allowed()).containsExactly("from", "to", "grain", "by", "where", "asOf", "limit", "offset");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2026-02-30", "2026-1-1", "01.02.2026", "yesterday", "2026-01-01T00:00:00Z", "+12026-01-01"})
    void what_is_no_day_is_refused(String day) {
        assertThat(refused(Map.of("from", List.of(day))))
                .hasMessage("from=%s is not a day. Write it as YYYY-MM-DD, such as 2026-01-31.".formatted(day));
    }

    @Test
    void from_behind_to_is_refused_and_one_day_is_not() {
        assertThat(refused(Map.of("from", List.of("2026-02-01"), "to", List.of("2026-01-31"))))
                .hasMessage("from=2026-02-01 is after to=2026-01-31: no day lies between them. Exchange them.");
        assertThat(read(Map.of("from", List.of("2026-02-01"), "to", List.of("2026-02-01")))
                        .from())
                .hasToString("2026-02-01");
    }

    @Test
    void an_unknown_grain_is_refused_with_those_there_are() {
        QuestionException refused = refused(Map.of("grain", List.of("days")));

        assertThat(refused)
                .hasMessage(
                        "orders has no grain 'days'. Use day, week, month, quarter, year, or leave it out for one total.");
        assertThat(refused.allowed()).containsExactly("day", "week", "month", "quarter", "year");
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
        "country:is:DE, where=country:is:DE: there is no operator 'is'. 'Use eq, ne, in, lt, le, gt, ge.'",
    })
    void what_is_no_condition_is_refused(String condition, String message) {
        assertThat(refused(Map.of("where", List.of(condition))))
                .hasMessageContaining(message.replace("'Use", "Use").replace("ge.'", "ge."));
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
        assertThat(question.where()).extracting(Condition::values).containsExactly(List.of("x"), List.of("a:b"));
    }

    @Test
    void what_the_kpi_is_always_grouped_by_is_added_once() {
        Kpi revenue = kpis.find("revenue").orElseThrow();

        assertThat(QuestionReader.read(revenue, Map.of("by", List.of("country")))
                        .by())
                .extracting(Dimension::name)
                .containsExactly("country", "currency");
        assertThat(QuestionReader.read(revenue, Map.of("by", List.of("currency,country")))
                        .by())
                .extracting(Dimension::name)
                .containsExactly("currency", "country");
    }

    private Question read(Map<String, List<String>> parameters) {
        return QuestionReader.read(kpis.find("orders").orElseThrow(), parameters);
    }

    private QuestionException refused(Map<String, List<String>> parameters) {
        return catchThrowableOfType(QuestionException.class, () -> read(parameters));
    }
}
