package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.WhenMatched;
import dev.wadi.index.KeyIndexes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of a large table is built beside the merges, which neither wait for it nor lose by it. */
class IndexBesideTest {
    private static final int KEYS = 200_000;

    @TempDir
    Path folder;

    @Test
    void merges_go_on_while_the_index_is_built_and_use_it_when_it_is_done() throws Exception {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            wadi.merge(contract, rows(0, KEYS, 0));
        }
        KeyIndexes indexes = new KeyIndexes(64 << 20, KEYS);
        try (MergeFixture wadi = new MergeFixture(folder, indexes, contract)) {
            int merges = 0;
            boolean indexed = false;
            while (!indexed) {
                merges++;
                wadi.merge(contract, rows(0, 10, merges));
                indexed = wadi.lake
                        .table(contract)
                        .history(1, 0)
                        .commits()
                        .get(0)
                        .toString()
                        .contains("index");
                assertThat(merges).as("merges without an index").isLessThan(2_000);
            }
            wadi.merge(contract, rows(KEYS - 5, KEYS + 5, merges + 1));

            assertThat(merges).as("merges that did not wait for the index").isGreaterThan(1);
            assertThat(indexes.bytes()).isPositive();
            assertThat(wadi.rows(contract.table(), "count(*), count(DISTINCT id), sum(seq)"))
                    .containsExactly("%d|%d|%d".formatted(KEYS + 5, KEYS + 5, 10L * merges + 10L * (merges + 1)));
        }
    }

    private static String rows(int from, int to, int sequence) {
        return "SELECT 'k' || i AS id, %d::BIGINT AS seq, 1.25 AS amount, 'n' AS note, DATE '2026-11-01' AS \"day\", 'p' AS \"position\" FROM range(%d, %d) r(i)"
                .formatted(sequence, from, to);
    }
}
