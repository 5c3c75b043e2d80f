package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.parts.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a batch closes. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxTest {
    /** Nobody waits an hour in a test: age closes no batch here. */
    private static final IntakeSettings SETTINGS =
            new IntakeSettings(20_000, 32L << 20, Duration.ofHours(1), 60_000, 96L << 20);

    private final Inbox inbox = new Inbox(SETTINGS);

    @Test
    void rowsInNumberWaitForNoCompanyWhenNoneComes() throws Exception {
        CompletableFuture<List<TableIntake.Item>> batch = taken();
        for (int i = 0; i < 10; i++) {
            inbox.put(item(100));
        }
        assertThat(batch.get()).hasSize(10);
    }

    @Test
    void aFullBatchGoesAtOnce() throws Exception {
        inbox.put(item(20_000));
        inbox.put(item(1));
        assertThat(inbox.take()).hasSize(1);
    }

    @Test
    void aFewRowsWaitForTheirAgeOrTheEnd() throws Exception {
        CompletableFuture<List<TableIntake.Item>> batch = taken();
        inbox.put(item(10));
        TimeUnit.MILLISECONDS.sleep(300);
        assertThat(batch).isNotDone();
        inbox.close();
        assertThat(batch.get()).hasSize(1);
    }

    /** Each goes through by itself, and yet more are on their way than a merge takes at a time. */
    @Test
    void aFloodIsRememberedForASecond() throws Exception {
        assertThat(inbox.flooded()).isFalse();
        inbox.put(item(4_000));
        List<TableIntake.Item> first = inbox.take();
        assertThat(inbox.flooded()).isFalse();
        inbox.put(item(4_000));
        inbox.release(first);
        assertThat(inbox.flooded()).isTrue();
        inbox.release(inbox.take());
        assertThat(inbox.rows()).isZero();
        assertThat(inbox.flooded()).isTrue();
        Await.until(() -> !inbox.flooded());
    }

    /** The doors wait for room then, and hand nothing in. */
    @Test
    void aFloodLastsAsLongAsAMergeOfIt() throws Exception {
        inbox.put(item(8_000));
        List<TableIntake.Item> batch = inbox.take();
        TimeUnit.MILLISECONDS.sleep(1_500);
        assertThat(inbox.flooded()).isTrue();
        inbox.release(batch);
        assertThat(inbox.flooded()).isTrue();
        Await.until(() -> !inbox.flooded());
    }

    @Test
    void whatCameInASecondIsForgottenAfterTwo() throws Exception {
        inbox.put(item(2_000));
        assertThat(inbox.perSecond()).isEqualTo(2_000);
        inbox.release(inbox.take());
        assertThat(inbox.perSecond()).isEqualTo(2_000);
        Await.until(() -> inbox.perSecond() == 0);
    }

    private CompletableFuture<List<TableIntake.Item>> taken() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return inbox.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static TableIntake.Item item(int rows) {
        return new TableIntake.Item(List.of(), rows, rows, System.nanoTime(), new CompletableFuture<>());
    }
}
