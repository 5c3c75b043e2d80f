package dev.wadi.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
 * The app, embedded broker and all, is killed with -9 at random moments while clients send by HTTP and AMQP, and started
 * again on the same data. What a client was told is safe is in its table exactly once; what it heard nothing of is there
 * once or not at all. Give {@code -Dwadi.seed=N} for the same moments again.
 */
class CrashIT {
    private static final int KILLS_UNDER_LOAD = 10;
    private static final int KILLS_WHILE_STARTING = 2;
    private static final int LONGEST_LIFE_MILLIS = 3_500;
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(60);
    private static final long QUIET_MILLIS = 1_500;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("wadi.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Ledger ledger = new Ledger();

    @Test
    @Timeout(1_200)
    void every_acknowledged_event_is_in_its_table_once_after_many_kills() throws Exception {
        System.out.println("CrashIT: -Dwadi.seed=" + seed);
        try (WadiProcess wadi = new WadiProcess(folder, Map.of())) {
            wadi.start();
            try (Load posts = Load.http(wadi, ledger, seed);
                    Load morePosts = Load.http(wadi, ledger, seed + 1);
                    Load messages = Load.amqp(wadi, ledger, seed + 2)) {
                killAgainAndAgain(wadi);
                posts.finish();
                morePosts.finish();
                messages.finish();
            }
            LakeReader lake = new LakeReader(wadi.lake());
            settled(wadi, lake);
            // What only arrives late, such as a second delivery, must not change anything either.
            Thread.sleep(QUIET_MILLIS);
            settled(wadi, lake);
            report(lake);
            wadi.stop();
        }
    }

    private void killAgainAndAgain(WadiProcess wadi) throws IOException, InterruptedException {
        int whileStarting = KILLS_WHILE_STARTING;
        for (int kill = 0; kill < KILLS_UNDER_LOAD; kill++) {
            Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
            wadi.kill();
            if (whileStarting > 0 && random.nextInt(3) == 0) {
                whileStarting--;
                wadi.launch();
                Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                wadi.kill();
            }
            wadi.start();
        }
    }

    private void settled(WadiProcess wadi, LakeReader lake) throws Exception {
        assertThat(Eventually.same(DRAINED_WITHIN, () -> differences(wadi, lake)))
                .as("seed %d\n%s", seed, wadi.tail())
                .isEmpty();
    }

    /** Of bronze against what the clients know, then of silver and gold against what bronze holds. */
    private List<String> differences(WadiProcess wadi, LakeReader lake) throws Exception {
        List<String> differences = new ArrayList<>();
        Model model = new Model();
        differences.addAll(AmqpDoor.waiting(wadi.embeddedAmqp()));
        differences.addAll(ledger.differences(lake, model::accept));
        differences.addAll(LakeCheck.all(lake, model));
        for (String table : List.of("bronze.clickstream", "bronze.bookings", "silver.clickstream", "silver.bookings")) {
            long quarantined = wadi.http()
                    .get("/api/quarantine?limit=1&table=" + table)
                    .json()
                    .path("total")
                    .asLong();
            if (quarantined > 0) {
                differences.add(quarantined + " good events in quarantine of " + table);
            }
        }
        return differences;
    }

    private void report(LakeReader lake) throws IOException {
        long stored = lake.rows("bronze.clickstream").size()
                + lake.rows("bronze.bookings").size();
        System.out.printf(
                "CrashIT: %d kills under load; sent %,d, acknowledged %,d, stored once each %,d (%,d of them without an"
                        + " acknowledgement)%n",
                KILLS_UNDER_LOAD,
                ledger.sent().size(),
                ledger.acknowledged().size(),
                stored,
                stored - ledger.acknowledged().size());
    }
}
