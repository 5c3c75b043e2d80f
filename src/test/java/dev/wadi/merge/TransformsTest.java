package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformsTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");

    @TempDir
    Path folder;

    private static final Contract SOURCE = MergeFixture.bookings(WhenMatched.KEEP_FIRST, true, List.of());

    private static String row(String id) {
        return "SELECT '%s' AS id, 1 AS seq, 1.5 AS amount, NULL AS note, DATE '2026-11-01' AS day, 'p' AS position"
                .formatted(id);
    }

    @Test
    void readsEachVersionOnceAlsoAfterARestart() {
        try (MergeFixture wadi = new MergeFixture(folder, SOURCE, BookingCounts.CONTRACT)) {
            wadi.merge(SOURCE, row("a") + " UNION ALL " + row("b"));
            wadi.transforms.run(BookingCounts.COUNT);
            wadi.transforms.run(BookingCounts.COUNT);
            wadi.merge(SOURCE, row("c"));
            wadi.merge(SOURCE, row("d") + " UNION ALL " + row("a"));
            wadi.transforms.run(BookingCounts.COUNT);
            assertThat(wadi.rows(BookingCounts.TABLE, "day, n")).containsExactly("2026-11-01|4");
        }
        try (MergeFixture wadi = new MergeFixture(folder, SOURCE, BookingCounts.CONTRACT)) {
            assertThat(wadi.transforms.run(BookingCounts.COUNT)).isInstanceOf(MergeOutcome.Unchanged.class);
            wadi.merge(SOURCE, row("e"));
            wadi.transforms.run(BookingCounts.COUNT);
            assertThat(wadi.rows(BookingCounts.TABLE, "day, n")).containsExactly("2026-11-01|5");
        }
    }

    @Test
    void aKeyThatChangedInSeveralVersionsIsSeenOnceAndAtItsLatest() {
        Contract source = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());
        Contract target = MergeFixture.copy(source);
        Transforms.Transform copy = new Transforms.Transform("copy", BOOKINGS, target.table(), "SELECT * FROM changes");
        try (MergeFixture wadi = new MergeFixture(folder, source, target)) {
            wadi.merge(source, row("a"));
            wadi.transforms.run(copy);
            for (int seq = 2; seq < 6; seq++) {
                wadi.merge(source, row("a").replace("1 AS seq", seq + " AS seq"));
            }
            MergeOutcome outcome = wadi.transforms.run(copy);
            assertThat(outcome.counts()).isEqualTo(new MergeOutcome.Counts(1, 0, 1, 0, 0, 0, 0, 0, 0));
            assertThat(wadi.rows(target.table(), "id, seq")).containsExactly("a|5");
        }
    }

    @Test
    void twoWritersOfOneLakeLoseAndDoubleNothing() throws Exception {
        Contract target = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());
        int writers = 2;
        int batches = 15;
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> done = new java.util.ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                // Each with its own Lake: like two processes, they share only the files.
                Path own = folder.resolve("spill" + writer);
                int first = writer;
                done.add(threads.submit(() -> {
                    try (MergeFixture wadi = new MergeFixture(folder, own, target)) {
                        start.await();
                        for (int batch = 0; batch < batches; batch++) {
                            wadi.merge(target, row("same" + batch) + " UNION ALL " + row("own" + first + "-" + batch));
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> each : done) {
                each.get(2, TimeUnit.MINUTES);
            }
        }
        try (MergeFixture wadi = new MergeFixture(folder, target)) {
            List<String> ids = wadi.rows(BOOKINGS, "id");
            assertThat(ids).doesNotHaveDuplicates().hasSize(batches + writers * batches);
        }
    }
}
