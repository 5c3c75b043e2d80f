package dev.wadi.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The app is asked to stop, as Docker, Kubernetes and Ctrl-C do, while clients send by HTTP and AMQP as fast as they can. It ends in
 * order and soon, and what it has told clients is safe is in the tables once. Give {@code -Dwadi.seed=N} for the same moments.
 */
class ShutdownIT {
    private static final int STOPS = 3;
    private static final int LONGEST_LIFE_MILLIS = 4_000;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(120);

    @TempDir
    Path folder;

    private final long seed = Long.getLong("wadi.seed", System.nanoTime());
    private final Ledger ledger = new Ledger();

    @Test
    @Timeout(600)
    void nothing_is_lost_when_it_stops_under_load() throws Exception {
        System.out.println("ShutdownIT: -Dwadi.seed=" + seed);
        Random random = new Random(seed);
        List<Duration> took = new ArrayList<>();
        try (WadiProcess wadi = new WadiProcess(folder, Map.of())) {
            wadi.start();
            try (Load posts = Load.http(wadi, ledger, seed);
                    Load morePosts = Load.http(wadi, ledger, seed + 1);
                    Load messages = Load.amqp(wadi, ledger, seed + 2)) {
                for (int stop = 0; stop < STOPS; stop++) {
                    Thread.sleep(1_000 + random.nextInt(LONGEST_LIFE_MILLIS));
                    took.add(wadi.stop());
                    assertThat(wadi.exitValue())
                            .as("seed %d\n%s", seed, wadi.tail())
                            .isZero();
                    assertThat(wadi.tail())
                            .as("seed %d", seed)
                            .contains("Wadi has stopped.")
                            .doesNotContain("did not stop within", "Not all ");
                    wadi.start();
                }
                posts.finish();
                morePosts.finish();
                messages.finish();
            }
            LakeReader lake = new LakeReader(wadi.lake());
            assertThat(Eventually.same(DRAINED_WITHIN, () -> differences(wadi, lake)))
                    .as("seed %d\n%s", seed, wadi.tail())
                    .isEmpty();
            System.out.printf(
                    "ShutdownIT: %d stops under load took %s; acknowledged %,d events, none lost%n",
                    STOPS, took, ledger.acknowledged().size());
            assertThat(took).allMatch(each -> each.compareTo(SOON) < 0);
        }
    }

    private List<String> differences(WadiProcess wadi, LakeReader lake) throws Exception {
        Model model = new Model();
        List<String> differences = new ArrayList<>(AmqpDoor.waiting(wadi.embeddedAmqp()));
        differences.addAll(ledger.differences(lake, model::accept));
        differences.addAll(LakeCheck.all(lake, model));
        return differences;
    }
}
