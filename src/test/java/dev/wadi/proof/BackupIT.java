package dev.wadi.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Back-up and restore as docs/how-to/operate.md tells them. Give {@code -Dwadi.seed=N} for the same events. */
class BackupIT {
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(120);
    private static final long LOADED_MILLIS = 6_000;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("wadi.seed", System.nanoTime());
    private final Ledger ledger = new Ledger();

    @Test
    @Timeout(600)
    void a_copy_of_all_data_of_a_stopped_wadi_is_that_wadi() throws Exception {
        System.out.println("BackupIT: -Dwadi.seed=" + seed);
        Path first = folder.resolve("first");
        try (WadiProcess wadi = new WadiProcess(first, Map.of())) {
            wadi.start();
            load(wadi, LOADED_MILLIS);
            wadi.stop();
        }
        Path second = Files.createDirectories(folder.resolve("second"));
        copy(first.resolve("data"), second.resolve("data"));
        delete(first.resolve("data"));
        try (WadiProcess wadi = new WadiProcess(second, Map.of())) {
            wadi.start();
            settled(wadi, true);
            load(wadi, 1_000);
            settled(wadi, true);
            wadi.stop();
        }
    }

    @Test
    @Timeout(600)
    void a_lake_copied_while_wadi_is_paused_goes_on_and_takes_again_what_came_later() throws Exception {
        System.out.println("BackupIT: -Dwadi.seed=" + seed);
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        Path restored = Files.createDirectories(second.resolve("data")).resolve("lake");
        Map<String, JsonNode> sent = new ConcurrentHashMap<>();
        try (WadiProcess wadi = new WadiProcess(first, Map.of())) {
            wadi.start();
            try (Load posts = Load.http(wadi, ledger, seed);
                    Load messages = Load.amqp(wadi, ledger, seed + 1)) {
                Thread.sleep(LOADED_MILLIS);
                // in the midst of merges
                signal(wadi, "STOP");
                copy(wadi.lake(), restored);
                signal(wadi, "CONT");
                Thread.sleep(2_000);
                posts.finish();
                messages.finish();
            }
            settled(wadi, true);
            wadi.stop();
            // what the senders still have
            ledger.differences(
                    new LakeReader(wadi.lake()), (stream, event) -> sent.put(stream + " " + Ledger.name(event), event));
        }
        Set<String> copied = events(new LakeReader(restored));
        assertThat(copied).as("there was something to copy").isNotEmpty();
        assertThat(copied.size()).as("and something came later").isLessThan(sent.size());
        try (WadiProcess wadi = new WadiProcess(second, Map.of())) {
            wadi.start();
            settled(wadi, false);
            assertThat(events(new LakeReader(wadi.lake())))
                    .as("bronze is as it was")
                    .isEqualTo(copied);
            for (String stream : List.of(Sample.CLICKSTREAM, Sample.BOOKINGS)) {
                send(
                        wadi,
                        stream,
                        sent.entrySet().stream()
                                .filter(event -> event.getKey().startsWith(stream + " "))
                                .map(event -> event.getValue().toString())
                                .collect(Collectors.joining("\n")));
            }
            settled(wadi, true);
            System.out.printf(
                    "BackupIT: %,d events were in the copy, %,d are there after all came again%n",
                    copied.size(), sent.size());
            wadi.stop();
        }
    }

    private static void send(WadiProcess wadi, String stream, String lines) throws IOException, InterruptedException {
        Http.Answer answer = wadi.http()
                .post("/api/events/" + stream, "application/x-ndjson", lines.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    }

    private void load(WadiProcess wadi, long millis) throws InterruptedException {
        try (Load posts = Load.http(wadi, ledger, seed);
                Load messages = Load.amqp(wadi, ledger, seed + 1)) {
            Thread.sleep(millis);
            posts.finish();
            messages.finish();
        }
    }

    /** @param whole whether every acknowledged event must be there; else only that the tables fit each other */
    private void settled(WadiProcess wadi, boolean whole) throws Exception {
        LakeReader lake = new LakeReader(wadi.lake());
        assertThat(Eventually.same(DRAINED_WITHIN, () -> {
                    Model model = new Model();
                    List<String> differences = new ArrayList<>(AmqpDoor.waiting(wadi.embeddedAmqp()));
                    List<String> events = ledger.differences(lake, model::accept);
                    if (whole) {
                        differences.addAll(events);
                    }
                    differences.addAll(LakeCheck.all(lake, model));
                    return differences;
                }))
                .as("seed %d\n%s", seed, wadi.tail())
                .isEmpty();
    }

    private Set<String> events(LakeReader lake) throws IOException {
        Set<String> names = new TreeSet<>();
        ledger.differences(lake, (stream, event) -> names.add(stream + " " + Ledger.name(event)));
        return names;
    }

    private static void signal(WadiProcess wadi, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(wadi.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void delete(Path folder) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("rm", "-r", folder.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
