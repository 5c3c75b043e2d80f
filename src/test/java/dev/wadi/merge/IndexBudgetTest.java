package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.WhenMatched;
import dev.wadi.index.KeyIndexes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table grows until its index does not fit the budget any more: the budget holds all the while, and so do the rows. */
class IndexBudgetTest {
    private static final long BUDGET = 1 << 20;
    private static final int BATCH = 2_000;
    private static final int BATCHES = 24;

    @TempDir
    Path folder;

    @Test
    void an_index_never_takes_more_than_the_budget() throws Exception {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());
        KeyIndexes indexes = new KeyIndexes(BUDGET);
        long most = 0;
        try (MergeFixture wadi = new MergeFixture(folder, indexes, contract)) {
            for (int batch = 0; batch < BATCHES; batch++) {
                // half of them are there
                wadi.merge(contract, rows(batch * BATCH - BATCH, batch * BATCH + BATCH, batch));
                most = Math.max(most, indexes.bytes());
                assertThat(indexes.bytes()).as("after batch %d", batch).isLessThanOrEqualTo(BUDGET);
            }
            long rows = (BATCHES + 1L) * BATCH;
            assertThat(wadi.rows(contract.table(), "count(*), count(DISTINCT id), min(seq), max(seq)"))
                    .containsExactly("%d|%d|0|%d".formatted(rows, rows, BATCHES - 1));
        }
        // else it was not grown at all, and this showed nothing
        assertThat(most).isGreaterThan(BUDGET / 3);
        assertThat(indexes.bytes()).as("it does not fit any more").isZero();
    }

    @Test
    void an_index_that_may_not_take_its_next_step_is_built_anew_as_long_as_the_table_fits() throws Exception {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());
        // 30,000 keys; doubling ends at 24,600, and a quarter more is too many
        KeyIndexes indexes = new KeyIndexes(960_000);
        boolean refused = false;
        boolean again = false;
        try (MergeFixture wadi = new MergeFixture(folder, indexes, contract)) {
            for (int rows = 500; rows <= 28_000; rows += 500) {
                wadi.merge(contract, rows(rows - 500, rows, 1));
                refused |= rows > 20_000 && indexes.bytes() == 0;
                again |= refused && indexes.bytes() > 0;
            }
            assertThat(wadi.rows(contract.table(), "count(*), count(DISTINCT id)"))
                    .containsExactly("28000|28000");
        }
        assertThat(refused).as("it was full once").isTrue();
        assertThat(again).as("and was there again").isTrue();
    }

    private static String rows(int from, int to, int sequence) {
        return "SELECT 'k' || i AS id, %d::BIGINT AS seq, 1.25 AS amount, 'n' AS note, DATE '2026-11-01' AS \"day\", 'p' AS \"position\" FROM range(%d, %d) r(i)"
                .formatted(sequence, from, to);
    }
}
