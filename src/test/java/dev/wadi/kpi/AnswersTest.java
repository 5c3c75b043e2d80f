package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
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
        Answer answer = ask("events", "from", "2030-01-01");

        assertThat(answer.rows()).hasSize(1);
        assertThat(answer.rows().getFirst().get("value")).hasToString("0");
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
            pages.addAll(page.rows());
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
        assertThat(ask("orders").versions()).containsExactly(Map.entry("gold.fact_orders", 1L));
        assertThat(ask("orders", "by", "country").versions())
                .containsExactly(Map.entry("gold.dim_customer", 1L), Map.entry("gold.fact_orders", 1L));
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
                        answers.tag(question("orders", "where", "agency:in:b,a")),
                        answers.tag(question("orders", "limit", "7")),
                        answers.tag(question("events"))))
                .doesNotHaveDuplicates();
        assertThat(gold.pins()).isZero();
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
                    assertThat(answer.by()).contains(dimension.name());
                }
            }
        }
    }

    private List<Map<String, @Nullable Object>> rows(String kpi, String... parameters) {
        return ask(kpi, parameters).rows();
    }

    private Answer ask(String kpi, String... parameters) {
        return answers.answer(question(kpi, parameters)).answer();
    }

    private Question question(String kpi, String... parameters) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        for (int n = 0; n < parameters.length; n += 2) {
            map.computeIfAbsent(parameters[n], name -> new ArrayList<>()).addAll(Arrays.asList(parameters[n + 1]));
        }
        return QuestionReader.read(kpis.find(kpi).orElseThrow(), map);
    }

    private static Map<String, @Nullable Object> row(String currency, String value) {
        return Map.of("currency", currency, "value", new BigDecimal(value));
    }
}
