package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryTest {
    private final Kpis kpis = Gold.kpis();

    @Test
    void a_question_becomes_one_statement_with_its_values_bound_in_order() {
        Query query = query(
                "revenue",
                Map.of(
                        "from", List.of("2026-01-01"),
                        "to", List.of("2026-12-31"),
                        "grain", List.of("month"),
                        "by", List.of("country"),
                        "where", List.of("segment:in:business,leisure", "status:eq:confirmed"),
                        "limit", List.of("5"),
                        "offset", List.of("10")));

        assertThat(query.sql()).isEqualToNormalizingWhitespace("""
                WITH found AS  (
                SELECT CAST(date_trunc('month', fact."booked_date") AS DATE) AS "_time", "_column0" AS "_by0",
                  fact."currency" AS "_by1", (sum(amount) ) AS "_value"
                  FROM (SELECT * FROM "gold"."fact_orders"
                    WHERE (status <> 'cancelled' ) AND "booked_date" >= ? AND "booked_date" <= ?) AS fact
                  LEFT JOIN (SELECT "customer_key" AS "_key0", "country" AS "_column0",
                    "segment" AS "_column2" FROM "gold"."dim_customer") ON fact."customer_key" = "_key0"
                  WHERE "_column2" IN (?, ?) AND fact."status" = ? GROUP BY 1, 2, 3),
                answer AS MATERIALIZED ( SELECT "_time", "_by0", "_by1", "_value" FROM found),
                page AS (SELECT *, true AS "_there" FROM answer
                  ORDER BY "_time" NULLS LAST, "_by0" NULLS LAST, "_by1" NULLS LAST LIMIT ? OFFSET ?)
                SELECT * FROM (SELECT count(*) AS "_total" FROM answer) LEFT JOIN page ON true
                  ORDER BY "_time" NULLS LAST, "_by0" NULLS LAST, "_by1" NULLS LAST""");
        assertThat(query.binds())
                .containsExactly(
                        LocalDate.of(2026, 1, 1),
                        LocalDate.of(2026, 12, 31),
                        "business",
                        "leisure",
                        "confirmed",
                        5,
                        10L);
    }

    @Test
    void what_adds_up_may_be_added_up_before_it_is_joined() {
        Query query = Query.summed(question(
                "revenue",
                Map.of(
                        "to", List.of("2026-12-31"),
                        "grain", List.of("day"),
                        "by", List.of("country"),
                        "where", List.of("segment:eq:leisure", "status:eq:confirmed"))));

        assertThat(query.sql()).isEqualToNormalizingWhitespace("""
                WITH found AS  (
                SELECT part."_time", "_column0" AS "_by0", part."_own1" AS "_by1",
                  CAST(sum(part."_part") AS DECIMAL(38,2)) AS "_value"
                  FROM (SELECT fact."booked_date" AS "_time", fact."currency" AS "_own1", fact."status" AS "_own3",
                    fact."customer_key" AS "_foreign0", (sum(amount) ) AS "_part"
                    FROM (SELECT * FROM "gold"."fact_orders"
                      WHERE (status <> 'cancelled' ) AND "booked_date" <= ?) AS fact
                    WHERE fact."status" = ? GROUP BY 1, 2, 3, 4) AS part
                  LEFT JOIN (SELECT "customer_key" AS "_key0", "country" AS "_column0",
                    "segment" AS "_column2" FROM "gold"."dim_customer") ON part."_foreign0" = "_key0"
                  WHERE "_column2" = ? GROUP BY 1, 2, 3),
                answer AS MATERIALIZED ( SELECT "_time", "_by0", "_by1", "_value" FROM found),
                page AS (SELECT *, true AS "_there" FROM answer
                  ORDER BY "_time" NULLS LAST, "_by0" NULLS LAST, "_by1" NULLS LAST LIMIT ? OFFSET ?)
                SELECT * FROM (SELECT count(*) AS "_total" FROM answer) LEFT JOIN page ON true
                  ORDER BY "_time" NULLS LAST, "_by0" NULLS LAST, "_by1" NULLS LAST""");
        assertThat(query.binds()).startsWith(LocalDate.of(2026, 12, 31), "confirmed", "leisure");
    }

    @Test
    void without_grain_and_dimension_there_is_no_group_and_no_join() {
        assertThat(query("orders", Map.of()).sql())
                .doesNotContain("GROUP BY", "JOIN (SELECT", "ORDER BY", "date_trunc");
    }

    @Test
    void a_value_never_reaches_the_text() {
        Query query = query("orders", Map.of("where", List.of("agency:eq:'; DROP TABLE x; --")));

        assertThat(query.sql()).doesNotContain("DROP");
        assertThat(query.binds()).contains("'; DROP TABLE x; --");
    }

    private Query query(String kpi, Map<String, List<String>> parameters) {
        return Query.of(question(kpi, parameters));
    }

    private Question question(String kpi, Map<String, List<String>> parameters) {
        return QuestionReader.read(kpis.find(kpi).orElseThrow(), parameters, Clock.systemUTC(), Claims.OPEN);
    }
}
