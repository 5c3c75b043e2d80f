package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.proof.Http;
import dev.wadi.proof.WadiProcess;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random questions are asked while events are merged into every table that they read. Each answer names the versions it was read
 * at, and asked for these again in another process, it is the same to the byte: no table was read at two versions.
 * Repeat a run with {@code -Dwadi.seed=N}.
 */
class RepeatedAnswersIT {
    private static final int EVENTS = 12_000;
    private static final int AT_THE_START = 500;
    private static final int BATCH = 25;
    private static final int QUESTIONS = 1_000;

    @TempDir
    Path folder;

    private record Asked(String question, String versions, String tag, String body) {}

    @Test
    void every_answer_can_be_repeated_by_its_versions() throws Exception {
        long seed = Long.getLong("wadi.seed", System.nanoTime());
        System.out.println("RepeatedAnswersIT: -Dwadi.seed=" + seed);
        Random random = new Random(seed);
        KpiEvents events = new KpiEvents(random);
        events.some(EVENTS);
        KpiModel model = new KpiModel(events);
        List<KpiEvents.Arrival> arrivals = events.arrivals().stream()
                .filter(each -> List.of("bookings", "clickstream").contains(each.stream()))
                .toList();
        try (WadiProcess wadi = new WadiProcess(folder, Map.of())) {
            wadi.start();
            post(wadi.http(), arrivals.subList(0, AT_THE_START));
            gold(wadi.http());
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger sent = new AtomicInteger(AT_THE_START);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                while (!over.get() && sent.get() < arrivals.size()) {
                    int from = sent.get();
                    int to = Math.min(arrivals.size(), from + BATCH);
                    post(wadi.http(), arrivals.subList(from, to));
                    sent.set(to);
                }
            });
            List<Asked> answers = new ArrayList<>();
            TreeSet<String> vectors = new TreeSet<>();
            try {
                for (int n = 0; n < QUESTIONS; n++) {
                    Asked asked = ask(wadi.http(), question(model.ask(random)), "");
                    vectors.add(asked.versions());
                    answers.add(asked);
                }
            } finally {
                over.set(true);
                sending.join();
            }
            // with nothing kept of the answers
            wadi.stop();
            wadi.start();
            for (Asked asked : answers) {
                same(wadi.http(), asked, seed);
            }
            System.out.printf(
                    "RepeatedAnswersIT: %,d questions at %,d vectors of versions while %,d events were merged%n",
                    QUESTIONS, vectors.size(), sent.get());
            // else nothing was merged between the questions, and this showed nothing
            assertThat(vectors).hasSizeGreaterThan(20);
            wadi.stop();
        }
    }

    private static void post(Http http, List<KpiEvents.Arrival> arrivals) {
        arrivals.stream()
                .collect(Collectors.groupingBy(
                        KpiEvents.Arrival::stream,
                        Collectors.mapping(arrival -> arrival.payload().replace('\n', ' '), Collectors.joining("\n"))))
                .forEach((stream, lines) -> {
                    try {
                        Http.Answer answer = http.post(
                                "/api/events/%s?partial=true".formatted(stream),
                                "application/x-ndjson",
                                lines.getBytes(StandardCharsets.UTF_8));
                        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
                    } catch (java.io.IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /** Waits until both facts are there. */
    private static void gold(Http http) throws Exception {
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (http.get("/api/tables/gold.fact_orders").status() != 200
                || http.get("/api/tables/gold.fact_events").status() != 200) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no gold");
            }
            Thread.sleep(100);
        }
    }

    private static String question(KpiModel.Asked asked) {
        return asked.parameters().entrySet().stream()
                .flatMap(each -> each.getValue().stream()
                        .map(value -> each.getKey() + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)))
                .collect(Collectors.joining("&", "/api/kpis/%s?".formatted(asked.kpi()), ""));
    }

    private static Asked ask(Http http, String question, String versions) throws Exception {
        Http.Answer answer = http.get(versions.isEmpty() ? question : question + "&versions=" + versions);
        assertThat(answer.status()).as("%s: %s", question, answer.body()).isEqualTo(200);
        return new Asked(
                question,
                answer.headers().firstValue("Wadi-Versions").orElseThrow(),
                answer.headers().firstValue("ETag").orElseThrow(),
                answer.body());
    }

    private static void same(Http http, Asked asked, long seed) throws Exception {
        assertThat(ask(http, asked.question(), asked.versions()))
                .as("seed %d: %s at %s", seed, asked.question(), asked.versions())
                .isEqualTo(asked);
    }
}
