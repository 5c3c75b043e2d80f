package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionsTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");

    @TempDir
    Path folder;

    @Test
    void manySmallFilesBecomeOneAndNoReaderOfChangesSeesIt() {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of("day"));
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            Compactions compactions = new Compactions(wadi.merger, CompactionSettings.DEFAULTS);
            for (int batch = 0; batch < 20; batch++) {
                wadi.merge(
                        contract,
                        ("SELECT 'k' || (i + %d) AS id, %d AS seq, 1.5 AS amount, NULL AS note,"
                                        + " DATE '2026-11-01' + (i %% 2)::INTEGER AS \"day\", 'p' AS position FROM range(6) t(i)")
                                .formatted(batch * 2, batch));
            }
            List<String> before = wadi.rows(BOOKINGS, "id, seq, day");
            long version = wadi.lake.table(BOOKINGS).latest().version();
            assertThat(wadi.lake.table(BOOKINGS).latest().files()).hasSizeGreaterThan(30);

            while (compactions.compact(BOOKINGS)) {
                assertThat(wadi.rows(BOOKINGS, "id, seq, day")).isEqualTo(before);
            }

            assertThat(wadi.lake.table(BOOKINGS).latest().files()).hasSizeLessThan(10);
            assertThat(wadi.rows(BOOKINGS, "id, seq, day")).isEqualTo(before);
            assertThat(wadi
                            .lake
                            .table(BOOKINGS)
                            .upserts(version, wadi.lake.table(BOOKINGS).latest().version())
                            .values()
                            .stream()
                            .flatMap(List::stream))
                    .isEmpty();
        }
    }
}
