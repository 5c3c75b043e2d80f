package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {
    private static final TableName CLICKS = TableName.parse("bronze.clickstream");
    private static final TableName REFUSED = TableName.parse("quarantine.bronze_clickstream");

    @TempDir
    Path folder;

    private MergeFixture wadi() {
        return new MergeFixture(
                folder, Contracts.load(Path.of("schemas", "tables")).all().toArray(Contract[]::new));
    }

    private static Intakes intakes(MergeFixture wadi, IntakeSettings settings) {
        return new Intakes(wadi.contracts, wadi.merger, settings, wadi.registry);
    }

    private static String click(String id, String action) {
        return """
                {"event_id":"%s","user_id":"u1","action":"%s","event_time":"2026-11-20T10:00:00Z"}""".formatted(id, action);
    }

    private static Delivery delivery(String body, String position) {
        return new Delivery(
                body.getBytes(StandardCharsets.UTF_8),
                null,
                "test:door",
                position,
                Instant.parse("2026-11-20T10:00:01Z"));
    }

    @Test
    void whatComesInIsCountedByTheSecondAndMuchOfItIsAFlood() throws Exception {
        try (MergeFixture wadi = wadi();
                Intakes intakes = intakes(wadi, IntakeSettings.DEFAULTS)) {
            assertThat(intakes.perSecond()).isZero();
            assertThat(intakes.flooded()).isFalse();
            String body = IntStream.range(0, 5_001)
                    .mapToObj(number -> click("e" + number, "login"))
                    .collect(Collectors.joining("\n"));
            CompletableFuture<MergeOutcome> committed = intakes.intake(CLICKS).submit(delivery(body, "m1"));
            assertThat(intakes.perSecond()).isEqualTo(5_001);
            assertThat(intakes.flooded()).isTrue();
            committed.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void everythingOfADeliveryIsInTheTableOrInQuarantineBeforeItIsAcknowledged() throws Exception {
        try (MergeFixture wadi = wadi();
                Intakes intakes = intakes(wadi, IntakeSettings.DEFAULTS)) {
            Intake intake = intakes.intake(CLICKS);
            String body =
                    click("e1", "purchase") + "\n" + click("e2", "buy") + "\n{\"event_id\":\n" + click("e3", "login");
            MergeOutcome outcome = intake.submit(delivery(body, "m1")).get(30, TimeUnit.SECONDS);
            assertThat(outcome.counts()).isEqualTo(new MergeOutcome.Counts(4, 2, 0, 0, 0, 0, 0, 0, 2));
            assertThat(wadi.rows(CLICKS, "event_id, position, source, received_at::VARCHAR"))
                    .containsExactly(
                            "e1|m1#0|test:door|2026-11-20 10:00:01+00", "e3|m1#3|test:door|2026-11-20 10:00:01+00");
            assertThat(wadi.rows(REFUSED, "position, reason")).containsExactly("m1#1|contract", "m1#2|contract");

            // The same again, as a broker redelivers it, changes nothing.
            intake.submit(delivery(body, "m7")).get(30, TimeUnit.SECONDS);
            assertThat(wadi.rows(CLICKS, "event_id")).containsExactly("e1", "e3");
            assertThat(wadi.rows(REFUSED, "reason")).hasSize(2);
        }
    }

    @Test
    void manyDeliveriesAtOnceKeepTheirPositionsAndTakeAsManyBatchesAsTheyNeed() throws Exception {
        IntakeSettings small = new IntakeSettings(1_000, 1 << 20, Duration.ofMillis(50), 2_000, 1 << 20);
        try (MergeFixture wadi = wadi();
                Intakes intakes = intakes(wadi, small)) {
            Intake intake = intakes.intake(CLICKS);
            List<Delivery> deliveries = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                deliveries.add(delivery(click("e" + i, i == 1_500 ? "buy" : "login"), "m" + i));
            }
            deliveries.set(700, deliveries.get(700).refused("The record is Avro no more."));
            deliveries.set(2_500, delivery("", "m2500"));
            intake.submitAll(deliveries).get(60, TimeUnit.SECONDS);
            assertThat(wadi.rows(CLICKS, "event_id || '|' || position"))
                    .hasSize(4_997)
                    .contains("e0|m0", "e4999|m4999")
                    .doesNotContain("e1500|m1500", "e700|m700");
            assertThat(wadi.rows(REFUSED, "position, reason"))
                    .containsExactlyInAnyOrder("m700|malformed", "m1500|contract", "m2500|malformed");
            assertThat(intake.queued()).isZero();
        }
    }

    @Test
    void anUnreadableBodyGoesToQuarantineWhole() throws Exception {
        try (MergeFixture wadi = wadi();
                Intakes intakes = intakes(wadi, IntakeSettings.DEFAULTS)) {
            intakes.intake(CLICKS).submit(delivery("[1, 2", "m1")).get(30, TimeUnit.SECONDS);
            assertThat(wadi.rows(REFUSED, "reason, payload, position")).containsExactly("malformed|[1, 2|m1");
            assertThat(wadi.rows(CLICKS, "event_id")).isEmpty();
        }
    }

    @Test
    void anEventIdWithAnotherContentIsATie() throws Exception {
        try (MergeFixture wadi = wadi();
                Intakes intakes = intakes(wadi, IntakeSettings.DEFAULTS)) {
            Intake intake = intakes.intake(CLICKS);
            intake.submit(delivery(click("e1", "login"), "m1")).get(30, TimeUnit.SECONDS);
            intake.submit(delivery(click("e1", "logout"), "m2")).get(30, TimeUnit.SECONDS);
            assertThat(wadi.rows(CLICKS, "payload")).containsExactly(click("e1", "login"));
            assertThat(wadi.rows(REFUSED, "reason, payload, position"))
                    .containsExactly("tie|" + click("e1", "logout") + "|m2");
        }
    }

    @Test
    void manyDeliveriesShareACommit() throws Exception {
        try (MergeFixture wadi = wadi();
                Intakes intakes = intakes(wadi, IntakeSettings.DEFAULTS)) {
            Intake intake = intakes.intake(CLICKS);
            List<CompletableFuture<MergeOutcome>> done = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                done.add(intake.submit(delivery(click("e" + i, "search"), "m" + i)));
            }
            for (CompletableFuture<MergeOutcome> each : done) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertThat(wadi.rows(CLICKS, "event_id")).hasSize(3_000);
            assertThat(wadi.lake.table(CLICKS).latest().version()).isLessThan(30);
            assertThat(intake.queued()).isZero();
        }
    }

    @Test
    void aFullIntakeMakesItsDoorWait() throws Exception {
        IntakeSettings small = new IntakeSettings(10, 1 << 20, Duration.ofSeconds(2), 10, 1 << 20);
        try (MergeFixture wadi = wadi();
                Intakes intakes = intakes(wadi, small)) {
            Intake intake = intakes.intake(CLICKS);
            for (int i = 0; i < 100; i++) {
                intake.submit(delivery(click("e" + i, "search"), "m" + i));
                assertThat(intake.queued()).isLessThanOrEqualTo(10);
            }
        }
    }

    @Test
    void aFailedCommitFailsTheDeliveriesAndTheNextOneWorks() throws Exception {
        try (MergeFixture wadi = wadi();
                Intakes intakes = intakes(wadi, IntakeSettings.DEFAULTS)) {
            Intake intake = intakes.intake(CLICKS);
            Path log = folder.resolve("lake/bronze/clickstream/_delta_log");
            Path away = folder.resolve("away");
            Files.move(log, away);
            CompletableFuture<MergeOutcome> failed = intake.submit(delivery(click("e1", "login"), "m1"));
            assertThatThrownBy(() -> failed.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("bronze.clickstream");
            if (Files.exists(log)) {
                Files.walk(log)
                        .sorted(java.util.Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            }
            Files.move(away, log);
            intake.submit(delivery(click("e1", "login"), "m1")).get(30, TimeUnit.SECONDS);
            assertThat(wadi.rows(CLICKS, "event_id")).containsExactly("e1");
        }
    }
}
