package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a reader is goes with the rows, in one commit. */
class WatermarkTest {
    private static final TableName CLICKS = TableName.parse("bronze.clickstream");
    private static final TableName REFUSED = TableName.parse("quarantine.bronze_clickstream");

    @TempDir
    Path folder;

    private MergeFixture wadi;
    private Intakes intakes;

    @BeforeEach
    void open() {
        wadi = fixture();
        intakes = new Intakes(wadi.contracts, wadi.merger, IntakeSettings.DEFAULTS, wadi.registry);
    }

    @AfterEach
    void close() {
        intakes.close();
        wadi.close();
    }

    private MergeFixture fixture() {
        return new MergeFixture(
                folder, Contracts.load(Path.of("schemas", "tables")).all().toArray(Contract[]::new));
    }

    private CompletableFuture<MergeOutcome> submit(Reading reading, int row, String watermark) throws Exception {
        return submit(reading, """
                {"event_id":"e%d","user_id":"u1","action":"login","event_time":"2026-11-20T10:00:00Z"}""".formatted(row), watermark);
    }

    private CompletableFuture<MergeOutcome> submit(Reading reading, String body, String watermark) throws Exception {
        return intakes.intake(CLICKS)
                .submit(new Delivery(
                                body.getBytes(StandardCharsets.UTF_8),
                                null,
                                "test:door",
                                "p",
                                Instant.parse("2026-11-20T10:00:01Z"))
                        .read(new Watermark(reading, watermark)));
    }

    private static MergeOutcome done(CompletableFuture<MergeOutcome> submitted) throws Exception {
        return submitted.get(60, TimeUnit.SECONDS);
    }

    /** As another process, or the next run, reads it. */
    private String watermark(String reader) {
        try (MergeFixture other = new MergeFixture(
                folder, folder.resolve("spill2"), wadi.contracts.all().toArray(Contract[]::new))) {
            return other.lake.table(CLICKS).latest().watermark(reader).orElse("none");
        }
    }

    @Test
    void theLastWatermarkOfEachReaderIsInTheCommitOfItsRows() throws Exception {
        assertThat(watermark("a")).isEqualTo("none");
        Reading a = new Reading("a");
        Reading b = new Reading("b");
        List<CompletableFuture<MergeOutcome>> all = new ArrayList<>();
        for (int row = 0; row < 100; row++) {
            all.add(submit(row % 2 == 0 ? a : b, row, "after " + row));
        }
        for (CompletableFuture<MergeOutcome> each : all) {
            done(each);
        }
        assertThat(watermark("a")).isEqualTo("after 98");
        assertThat(watermark("b")).isEqualTo("after 99");
        assertThat(wadi.rows(CLICKS, "event_id")).hasSize(100);
    }

    @Test
    void aWatermarkMovesWithoutRowsToo() throws Exception {
        Reading a = new Reading("a");
        done(submit(a, 1, "one"));
        long version = wadi.lake.table(CLICKS).latest().version();

        assertThat(done(submit(a, 1, "two"))).isInstanceOf(MergeOutcome.Unchanged.class);
        assertThat(watermark("a")).isEqualTo("two");
        assertThat(wadi.lake.table(CLICKS).latest().version()).isEqualTo(version + 1);

        assertThat(done(submit(a, 1, "two"))).isInstanceOf(MergeOutcome.Unchanged.class);
        assertThat(wadi.lake.table(CLICKS).latest().version()).isEqualTo(version + 1);
    }

    @Test
    void aWatermarkMayComeAlone() throws Exception {
        done(submit(new Reading("a"), "", "one"));
        assertThat(watermark("a")).isEqualTo("one");
        assertThat(wadi.lake.tables()).doesNotContain(REFUSED);
    }

    @Test
    void whatIsRefusedIsInQuarantineWhenTheWatermarkHasMoved() throws Exception {
        done(submit(new Reading("a"), "{\"event_id\":\"e1\"}", "one"));
        assertThat(watermark("a")).isEqualTo("one");
        assertThat(wadi.rows(REFUSED, "reason, position")).containsExactly("contract|p");
    }

    @Test
    void nothingOfAReadingIsCommittedAfterItsFirstFailure() throws Exception {
        Reading first = new Reading("a");
        done(submit(first, 1, "one"));
        long version = wadi.lake.table(CLICKS).latest().version();
        Path damage = folder.resolve("lake/bronze/clickstream/_delta_log/%020d.json".formatted(version + 1));
        Files.writeString(damage, "{\"add\":");
        CompletableFuture<MergeOutcome> failing = submit(first, 2, "two");
        assertThatThrownBy(() -> done(failing)).isInstanceOf(ExecutionException.class);
        Files.delete(damage);

        CompletableFuture<MergeOutcome> later = submit(first, 3, "three");
        assertThatThrownBy(() -> done(later)).hasMessageContaining("an earlier delivery of a failed");
        assertThat(first.broken()).isTrue();
        assertThat(watermark("a")).isEqualTo("one");

        Reading second = new Reading("a");
        submit(second, 2, "two");
        done(submit(second, 3, "three"));
        assertThat(watermark("a")).isEqualTo("three");
        assertThat(wadi.rows(CLICKS, "event_id")).containsExactly("e1", "e2", "e3");
    }

    @Test
    void aWatermarkOutlivesCompactionRestoreCheckpointsAndARestart() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("-Dwadi.seed=" + seed);
        Random random = new Random(seed);
        String expected = "none";
        int row = 0;
        for (int step = 0; step < 120; step++) {
            switch (random.nextInt(20)) {
                case 0 -> new Compactions(wadi.merger, CompactionSettings.DEFAULTS).optimize(CLICKS);
                case 1 -> {
                    long newest = wadi.lake.table(CLICKS).latest().version();
                    new Restores(wadi.merger, wadi.commits).restore(CLICKS, random.nextLong(newest + 1));
                }
                case 2 -> {
                    close();
                    open();
                }
                default -> {
                    expected = "step " + step;
                    done(submit(new Reading("a"), row += random.nextInt(2), expected));
                }
            }
            assertThat(wadi.lake.table(CLICKS).latest().watermark("a").orElse("none"))
                    .as("seed %d step %d", seed, step)
                    .isEqualTo(expected);
        }
        assertThat(watermark("a")).isEqualTo(expected);
    }
}
