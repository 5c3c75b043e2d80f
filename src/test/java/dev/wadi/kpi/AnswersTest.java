package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {
    /** A Wednesday. */
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-11T09:30:00Z"), ZoneOffset.UTC);

    private final Kpis kpis = Gold.kpis();
    private Gold gold;
    private Answers answers;

    @BeforeEach
    void fill() throws SQLException {
        gold = new Gold();
        answers = new Answers(gold);
    }

    @AfterEach
    void close() throws SQLException {
        gold.close();
    }

    @Test
    void revenue_is_never_added_across_currencies_and_leaves_cancelled_bookings_out() {
        assertThat(rows("revenue")).isEqualTo(List.of(row("EUR", "120.53"), row("USD", "50.00")));
    }

    @Test
    void a_decimal_keeps_every_digit() throws SQLException {
        gold.run("INSERT INTO gold.fact_orders BY NAME SELECT DATE '2026-03-01' AS booked_date, 'CHF' AS currency,"
                + " 9999999999999999.99 AS amount, 'created' AS status FROM range(3)");

        assertThat(rows("revenue", "where", "currency:eq:CHF")).containsExactly(row("CHF", "29999999999999999.97"));
    }

    @Test
    void a_month_is_named_by_its_first_day() {
        assertThat(rows("orders", "grain", "month"))
                .containsExactly(Map.of("time", "2026-01-01", "value", 2L), Map.of("time", "2026-02-01", "value", 2L));
    }

    @Test
    void a_week_starts_on_monday_even_when_that_is_last_year() {
        assertThat(rows("orders", "grain", "week", "to", "2026-01-31"))
                .containsExactly(Map.of("time", "2025-12-29", "value", 2L));
    }

    @Test
    void both_ends_of_the_time_are_counted() {
        assertThat(rows("orders", "from", "2026-01-01", "to", "2026-01-04")).containsExactly(Map.of("value", 2L));
        assertThat(rows("orders", "from", "2026-01-02", "to", "2026-01-03")).containsExactly(Map.of("value", 0L));
    }

    @Test
    void a_fact_without_a_partner_in_the_dimension_table_is_counted_with_no_value() {
        Map<String, @Nullable Object> nobody = new LinkedHashMap<>();
        nobody.put("country", null);
        nobody.put("value", 1L);

        assertThat(rows("orders", "by", "country"))
                .containsExactly(Map.of("country", "DE", "value", 2L), Map.of("country", "FR", "value", 1L), nobody);
    }

    @Test
    void two_dimensions_of_one_table_and_one_of_another_do_not_multiply_the_facts() {
        assertThat(rows(
                        "orders",
                        "by",
                        "country,segment,product_type",
                        "where",
                        "country:ne:FR",
                        "where",
                        "currency:eq:EUR"))
                .hasSize(3)
                .extracting(row -> row.get("value"))
                .containsOnly(1L);
        assertThat(rows("orders", "where", "product_type:in:hotel,flight", "where", "destination:ge:Lisbon"))
                .containsExactly(Map.of("value", 4L));
    }

    @Test
    void users_of_two_days_are_not_added_up() {
        assertThat(rows("active-users")).containsExactly(Map.of("value", 2L));
        assertThat(rows("active-users", "grain", "day"))
                .containsExactly(Map.of("time", "2026-01-01", "value", 1L), Map.of("time", "2026-01-02", "value", 2L));
    }

    @Test
    void the_average_is_rounded_to_two_digits() {
        assertThat(rows("average-order-value")).isEqualTo(List.of(row("EUR", "40.18"), row("USD", "50.00")));
    }

    @Test
    void a_sum_over_nothing_says_zero_where_the_definition_says_so() {
        List<Map<String, @Nullable Object>> rows = rows("events", "from", "2030-01-01");

        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().get("value")).hasToString("0");
    }

    @Test
    void no_group_means_no_row() {
        Answer answer = ask("revenue", "from", "2030-01-01");

        assertThat(answer.rows()).isEmpty();
        assertThat(answer.total()).isZero();
    }

    @Test
    void pages_have_no_gap_and_no_overlap_and_know_the_whole() {
        List<Map<String, @Nullable Object>> whole = rows("orders", "grain", "day", "by", "agency,country");
        List<Map<String, @Nullable Object>> pages = new ArrayList<>();
        for (int offset = 0; offset < whole.size(); offset++) {
            Answer page = ask(
                    "orders", "grain", "day", "by", "agency,country", "limit", "1", "offset", String.valueOf(offset));
            assertThat(page.total()).isEqualTo(whole.size());
            pages.addAll(rows(
                    "orders", "grain", "day", "by", "agency,country", "limit", "1", "offset", String.valueOf(offset)));
        }

        assertThat(whole).hasSize(4);
        assertThat(pages).isEqualTo(whole);
    }

    @Test
    void a_page_behind_the_end_is_empty_and_still_knows_the_total() {
        Answer answer = ask("orders", "grain", "day", "offset", "100");

        assertThat(answer.rows()).isEmpty();
        assertThat(answer.total()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR 1=1 --",
                "O'Hara'; DROP TABLE gold.fact_orders; --",
                "\"",
                "a\u0000b",
                "?",
                "$1",
                "\ud83d\ude00",
                ""
            })
    void a_hostile_value_is_only_a_value(String value) {
        assertThat(rows("orders", "where", "agency:eq:" + value)).containsExactly(Map.of("value", 0L));
        assertThat(rows("orders")).containsExactly(Map.of("value", 4L));
    }

    @Test
    void a_quote_in_a_value_finds_its_row() {
        assertThat(rows("orders", "where", "agency:eq:O'Hara")).containsExactly(Map.of("value", 1L));
    }

    @Test
    void what_has_no_value_differs_from_every_value() {
        assertThat(rows("orders", "where", "agency:ne:Atlas")).containsExactly(Map.of("value", 2L));
    }

    @Test
    void the_answer_tells_the_versions_it_read_and_only_of_tables_it_needs() {
        assertThat(ask("orders").versionsText()).isEqualTo("gold.fact_orders@1");
        assertThat(ask("orders", "by", "country").versionsText()).isEqualTo("gold.dim_customer@1,gold.fact_orders@1");
    }

    @Test
    void the_tag_changes_with_a_commit_to_a_table_that_was_read_and_with_no_other() {
        Question question = question("orders", "by", "country");
        String before = answers.answer(question).tag();

        gold.advance("gold.fact_events");
        assertThat(answers.tag(question)).isEqualTo(before);
        gold.advance("gold.dim_customer");
        assertThat(answers.tag(question))
                .isNotEqualTo(before)
                .isEqualTo(answers.answer(question).tag());
    }

    @Test
    void the_tag_is_found_without_a_query_and_differs_between_questions() {
        assertThat(List.of(
                        answers.tag(question("orders")),
                        answers.tag(question("orders", "from", "2026-01-01")),
                        answers.tag(question("orders", "to", "2026-01-01")),
                        answers.tag(question("orders", "where", "agency:in:a,b")),
                        answers.tag(question("orders", "where", "agency:not_in:a,b")),
                        answers.tag(question("orders", "limit", "7")),
                        answers.tag(question("events"))))
                .doesNotHaveDuplicates();
        assertThat(gold.pins()).isZero();
    }

    @Test
    void questions_that_mean_the_same_have_the_same_tag() {
        assertThat(answers.tag(question("orders", "where", "agency:in:b,a,b", "where", "status:ne:x", "from", "-10d")))
                .isEqualTo(answers.tag(question(
                        "orders", "where", "status:ne:x", "where", "agency:in:a,b", "from", "2026-02-01", "fill", "")));
    }

    @Test
    void every_grain_and_dimension_that_is_offered_can_be_asked() {
        for (Kpi kpi : kpis.all()) {
            for (Grain grain : kpi.grains()) {
                for (Dimension dimension : kpi.dimensions()) {
                    Answer answer = ask(
                            kpi.name(),
                            "grain",
                            grain.word(),
                            "by",
                            dimension.name(),
                            "where",
                            dimension.name() + ":ne:" + dimension.example());
                    assertThat(answer.question().by()).contains(dimension);
                }
            }
        }
    }

    @Test
    void gaps_are_rows_for_each_group_that_is_there_at_all() {
        assertThat(rows(
                        "revenue",
                        "from",
                        "2026-01-01",
                        "to",
                        "2026-03-31",
                        "grain",
                        "month",
                        "fill",
                        "0",
                        "where",
                        "agency:ne:x"))
                .extracting(row -> row.get("time") + " " + row.get("currency") + " " + row.get("value"))
                .containsExactly(
                        "2026-01-01 EUR 120.20",
                        "2026-01-01 USD 0.00",
                        "2026-02-01 EUR 0.33",
                        "2026-02-01 USD 50.00",
                        "2026-03-01 EUR 0.00",
                        "2026-03-01 USD 0.00");
        assertThat(rows(
                        "average-order-value",
                        "from",
                        "2026-01-01",
                        "to",
                        "2026-03-31",
                        "grain",
                        "quarter",
                        "fill",
                        "null"))
                .hasSize(2);
        assertThat(rows("orders", "from", "2026-02-08", "grain", "day", "fill", "null"))
                .extracting(row -> row.get("time") + " " + row.get("value"))
                .containsExactly("2026-02-08 null", "2026-02-09 null", "2026-02-10 1", "2026-02-11 1");
    }

    @Test
    void a_month_is_compared_with_the_month_before_day_by_day() {
        assertThat(rows("orders", "from", "2026-02-01", "to", "2026-02-28", "compare_to", "previous_period"))
                .containsExactly(Map.of("value", 2L, "previous", 2L, "difference", 0L, "ratio", 1.0));
        assertThat(rows(
                        "orders",
                        "from",
                        "2026-02-01",
                        "to",
                        "2026-02-28",
                        "grain",
                        "day",
                        "compare_to",
                        "previous_period"))
                .extracting(row -> row.get("time") + " " + row.get("value") + " " + row.get("previous"))
                .containsExactly("2026-02-01 null 1", "2026-02-04 null 1", "2026-02-10 1 null", "2026-02-11 1 null");
        assertThat(rows(
                        "orders",
                        "from",
                        "2026-02-10",
                        "to",
                        "2026-02-11",
                        "grain",
                        "day",
                        "compare_to",
                        "-1d",
                        "fill",
                        "0"))
                .extracting(row -> row.get("value") + " " + row.get("previous") + " " + row.get("difference"))
                .containsExactly("1 0 1", "1 1 0");
    }

    @Test
    void rows_are_kept_and_sorted_by_their_figures() {
        assertThat(rows("orders", "by", "currency", "order", "value:desc", "having", "value:ge:1"))
                .extracting(row -> row.get("currency"))
                .containsExactly("EUR", "USD");
        assertThat(rows("orders", "by", "currency", "order", "currency:desc"))
                .extracting(row -> row.get("currency"))
                .containsExactly("USD", "EUR");
        Answer kept = ask("orders", "by", "currency", "having", "value:between:2,10");
        assertThat(kept.total()).isEqualTo(1);
    }

    @Test
    void totals_are_of_all_pages_and_never_across_what_is_not_added() {
        Answer answer = ask("revenue", "by", "agency", "totals", "true", "limit", "1");

        assertThat(answer.rows()).hasSize(1);
        assertThat(answer.totals()).hasToString("[[EUR, 120.53], [USD, 50.00]]");
    }

    @Test
    void periods_begin_where_the_zone_says() {
        assertThat(rows("orders", "grain", "day", "tz", "Europe/Berlin", "from", "2026-01-01", "to", "2026-01-05"))
                .extracting(row -> row.get("time") + " " + row.get("value"))
                .containsExactly("2026-01-02 1", "2026-01-05 1");
        assertThat(rows("orders", "grain", "hour", "tz", "Asia/Kolkata", "to", "2026-01-02"))
                .extracting(row -> row.get("time") + " " + row.get("value"))
                .containsExactly("2026-01-02T05:00:00+05:30 1");
        assertThat(rows("orders", "from", "2026-01-01T23:30:00Z", "to", "2026-01-04T23:30:00Z"))
                .containsExactly(Map.of("value", 1L));
    }

    @Test
    void each_operator_finds_what_it_says() {
        assertThat(rows("orders", "where", "agency:not_in:Atlas")).containsExactly(Map.of("value", 2L));
        assertThat(rows("orders", "where", "agency:between:A,B")).containsExactly(Map.of("value", 2L));
        assertThat(rows("orders", "where", "agency:like:%'H%")).containsExactly(Map.of("value", 1L));
        assertThat(rows("orders", "where", "agency:like:Atla_")).containsExactly(Map.of("value", 2L));
        assertThat(rows("orders", "where", "agency:like:Atla\\_")).containsExactly(Map.of("value", 0L));
        assertThat(rows("orders", "where", "agency:in:Atlas\\,x,O'Hara")).containsExactly(Map.of("value", 1L));
    }

    @Test
    void several_questions_are_answered_at_one_version_of_each_table() {
        int before = gold.pins();

        List<Answers.Tagged> all = answers.answer(List.of(question("orders"), question("events")));

        assertThat(gold.pins()).isEqualTo(before + 1);
        assertThat(all)
                .extracting(tagged -> tagged.answer().versionsText())
                .containsExactly("gold.fact_orders@1", "gold.fact_events@1");
        assertThat(all.getFirst().tag()).isEqualTo(answers.tag(question("orders")));
    }

    private List<Map<String, @Nullable Object>> rows(String kpi, String... parameters) {
        Answer answer = ask(kpi, parameters);
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (List<@Nullable Object> row : answer.rows()) {
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            for (int n = 0; n < row.size(); n++) {
                Object value = row.get(n);
                named.put(
                        answer.columns().get(n).name(),
                        value == null || value instanceof Number ? value : AnswerJson.text(value));
            }
            rows.add(named);
        }
        return rows;
    }

    private Answer ask(String kpi, String... parameters) {
        return answers.answer(question(kpi, parameters)).answer();
    }

    private Question question(String kpi, String... parameters) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        for (int n = 0; n < parameters.length; n += 2) {
            map.computeIfAbsent(parameters[n], name -> new ArrayList<>()).addAll(Arrays.asList(parameters[n + 1]));
        }
        return QuestionReader.read(kpis.find(kpi).orElseThrow(), map, CLOCK, Claims.OPEN);
    }

    private static Map<String, @Nullable Object> row(String currency, String value) {
        return Map.of("currency", currency, "value", new BigDecimal(value));
    }
}
