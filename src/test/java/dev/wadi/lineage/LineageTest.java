package dev.wadi.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.merge.Delivery;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.merge.Transforms;
import dev.wadi.parts.Await;
import dev.wadi.route.Flow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped tables and SELECTs, each run when the test says so. */
class LineageTest {
    private static final TableName BRONZE = new TableName("bronze", "clickstream");
    private static final TableName SILVER = new TableName("silver", "clickstream");
    private static final TableName EVENTS = new TableName("gold", "fact_events");
    private static final TableName DAYS = new TableName("gold", "fact_user_days");
    private static final TableName TIME = new TableName("gold", "dim_time");
    private static final Lineage LINEAGE = new Lineage(List.of(
            new Flow("clean", BRONZE, SILVER), new Flow("count", SILVER, EVENTS), new Flow("days", SILVER, DAYS)));
    private static final Set<TableName> GOLD = Set.of(EVENTS, TIME);
    private static final Duration NONE = Duration.ZERO;
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final Contracts contracts = Contracts.load(Path.of("schemas", "tables"));
    private MergeInProcess lake;
    private Freshness freshness;
    private Patience patience;

    @BeforeEach
    void open() {
        lake = new MergeInProcess(folder, contracts, "200MB", 1, "32MB");
        contracts.all().forEach(contract -> lake.lake().table(contract));
        freshness = new Freshness(lake.lake(), lake.intakes(), lake.transforms(), lake.commits(), () -> LINEAGE);
        patience = new Patience(freshness, lake.intakes(), lake.reader(), contracts, lake.commits());
    }

    @AfterEach
    void close() throws Exception {
        patience.close();
        freshness.close();
        lake.close();
    }

    @Test
    void theGraphKnowsWhatATableIsMadeOf() {
        assertThat(LINEAGE.upstream(GOLD)).containsExactlyInAnyOrder(EVENTS, TIME, SILVER, BRONZE);
        assertThat(LINEAGE.roots(GOLD)).containsExactly(BRONZE, TIME);
        assertThat(LINEAGE.into(DAYS)).extracting(Flow::route).containsExactly("days");
    }

    @Test
    void theWatermarkWaitsForEachFlowOnTheWay() throws Exception {
        transform();
        Instant before = Instant.now();
        assertThat(freshness.watermark(GOLD)).isAfterOrEqualTo(before);

        post("e1", Receipts.create());
        // the intake lets go of a batch a moment after it has told the sender
        Await.until(() -> lake.intakes().uncommitted(BRONZE).isZero());
        Instant committed = Instant.now();
        assertThat(freshness.watermark(Set.of(BRONZE))).isAfterOrEqualTo(committed);
        assertThat(freshness.watermark(GOLD)).isBetween(before, committed);
        run("clean", BRONZE, SILVER, "silver_clickstream.sql");
        assertThat(freshness.watermark(GOLD)).isBetween(before, Instant.now());
        Instant now = Instant.now();
        run("count", SILVER, EVENTS, "fact_events.sql");
        assertThat(freshness.watermark(GOLD)).isAfterOrEqualTo(now);
        assertThat(freshness.watermark(Set.of(DAYS))).isBefore(now);
    }

    @Test
    void aReceiptIsEverywhereOnceEachFlowOnTheWayHasReadIt() throws Exception {
        transform();
        String receipt = Receipts.create();
        assertThat(patience.until(receipt, GOLD, NONE)).isEqualTo(Patience.Arrived.NOWHERE);
        post("e1", receipt);
        assertThat(patience.until(receipt + "#3", GOLD, NONE)).isEqualTo(Patience.Arrived.COMMITTED);
        run("clean", BRONZE, SILVER, "silver_clickstream.sql");
        assertThat(patience.until(receipt, GOLD, NONE)).isEqualTo(Patience.Arrived.COMMITTED);
        CompletableFuture<Void> later =
                CompletableFuture.runAsync(() -> run("count", SILVER, EVENTS, "fact_events.sql"));
        assertThat(patience.until(receipt, GOLD, LONG)).isEqualTo(Patience.Arrived.EVERYWHERE);
        later.join();
        assertThat(patience.until(receipt, Set.of(DAYS), NONE)).isEqualTo(Patience.Arrived.COMMITTED);
    }

    @Test
    void anEventThatWasThereBeforeHasArrivedToo() throws Exception {
        post("e1", Receipts.create());
        transform();
        String again = Receipts.create();
        post("e1", again);
        assertThat(patience.until(again, GOLD, NONE)).isEqualTo(Patience.Arrived.EVERYWHERE);
    }

    @Test
    void aReceiptIsFoundThatThisProcessDidNotSee() throws Exception {
        String receipt = Receipts.create();
        post("e1", receipt);
        transform();
        close();
        open();
        assertThat(patience.until(receipt, GOLD, NONE)).isEqualTo(Patience.Arrived.EVERYWHERE);
        assertThat(patience.until(Receipts.create(), GOLD, NONE)).isEqualTo(Patience.Arrived.NOWHERE);
    }

    @Test
    void freshEnoughIsWaitedFor() throws Exception {
        transform();
        post("e1", Receipts.create());
        Thread.sleep(50);
        Instant asked = Instant.now();
        assertThat(patience.untilFresh(GOLD, Duration.ofMillis(10), NONE)).isBefore(asked);
        CompletableFuture<Void> later = CompletableFuture.runAsync(this::transform);
        assertThat(patience.untilFresh(GOLD, Duration.ofMillis(10), LONG)).isAfter(asked);
        later.join();
    }

    private void post(String id, String receipt) throws InterruptedException {
        String event = """
                {"event_id":"%s","user_id":"u1","session_id":"s1","action":"search","event_time":"2026-11-01T10:00:00Z"}
                """.formatted(id);
        lake.intake(BRONZE)
                .submit(new Delivery(event.getBytes(UTF_8), "application/json", "test", receipt, Instant.now()))
                .join();
    }

    private void transform() {
        run("clean", BRONZE, SILVER, "silver_clickstream.sql");
        run("count", SILVER, EVENTS, "fact_events.sql");
    }

    private void run(String id, TableName source, TableName target, String file) {
        try {
            lake.transforms()
                    .run(new Transforms.Transform(
                            id, source, target, Files.readString(Path.of("routes", "transform", file))));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
