package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.Rule;
import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of a contract: what warns, what turns a row away, what stops a batch. */
class RulesTest {
    private static final TableName ORDERS = new TableName("silver", "orders");
    private static final Contract CONTRACT = new Contract(
            ORDERS,
            "orders",
            List.of(
                    MergeFixture.column("id", ColumnType.Simple.STRING, true, false),
                    MergeFixture.column("seq", ColumnType.Simple.LONG, true, false),
                    MergeFixture.column("amount", ColumnType.Simple.LONG, false, false),
                    MergeFixture.column("gone", ColumnType.Simple.BOOLEAN, false, false)),
            List.of("id"),
            Merging.newest(List.of("seq")).deleting("gone", Duration.ofDays(7)),
            List.of(),
            List.of(
                    new Rule("small", "amount < 100", Rule.Severity.WARNING),
                    new Rule("positive", "amount >= 0", Rule.Severity.ERROR),
                    new Rule("sane", "amount > -1000", Rule.Severity.FATAL)),
            null,
            true,
            Path.of("orders.odcs.yaml"));

    @TempDir
    Path folder;

    private static String row(String id, int sequence, Object amount, boolean gone) {
        return "('%s', %d, %s, %s)".formatted(id, sequence, amount, gone);
    }

    private static MergeOutcome merge(MergeFixture wadi, String... rows) {
        return wadi.merge(
                CONTRACT,
                "SELECT id, seq::BIGINT AS seq, amount::BIGINT AS amount, gone FROM (VALUES " + String.join(", ", rows)
                        + ") v(id, seq, amount, gone)");
    }

    @Test
    void a_warning_is_counted_and_the_row_is_merged() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            merge(wadi, row("a", 1, 500, false), row("b", 1, 5, false));
            assertThat(wadi.rows(ORDERS, "id, amount")).containsExactly("a|500", "b|5");
            assertThat(wadi.registry
                            .counter("wadi.merge.warnings", "table", "silver.orders", "rule", "small")
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void an_error_sends_the_row_to_quarantine_with_the_rule() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            MergeOutcome outcome = merge(wadi, row("a", 1, -1, false), row("b", 1, 5, false));
            assertThat(outcome.counts().refused()).isEqualTo(1);
            assertThat(wadi.rows(ORDERS, "id, amount")).containsExactly("b|5");
            assertThat(wadi.rows(Quarantine.nameFor(ORDERS), "reason, message"))
                    .containsExactly("rule|it breaks the rule 'positive' of silver.orders: amount >= 0");
        }
    }

    @Test
    void a_fatal_rule_refuses_the_whole_batch_and_says_what_to_do() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            merge(wadi, row("a", 1, 1, false));
            assertThatThrownBy(() -> merge(wadi, row("a", 2, 2, false), row("b", 1, -5000, false)))
                    .isInstanceOf(FatalRuleException.class)
                    .hasMessageContaining("silver.orders")
                    .hasMessageContaining("'sane' (amount > -1000)")
                    .hasMessageContaining("start the route again");
            assertThat(wadi.rows(ORDERS, "id, amount")).containsExactly("a|1");
        }
    }

    @Test
    void null_breaks_no_rule_and_a_delete_is_held_against_none() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            merge(wadi, row("a", 1, "NULL", false), row("b", 1, 1, false));
            merge(wadi, row("b", 2, -5000, true));
            assertThat(wadi.rows(ORDERS, "id")).containsExactly("a");
        }
    }
}
