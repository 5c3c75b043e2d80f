package dev.wadi.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.parts.RabbitMqServer;
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
 * RabbitMQ is killed with -9 and started again at random moments while clients post and the app consumes. What was
 * answered with 202 is in bronze exactly once, the rest once or not at all. Give {@code -Dwadi.seed=N} for the same
 * moments again.
 */
class BrokerCrashIT {
    private static final int CLIENTS = 8;
    private static final int KILLS = 4;
    private static final int LONGEST_LIFE_MILLIS = 3_000;
    private static final int LONGEST_DEATH_MILLIS = 1_500;
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final long seed = Long.getLong("wadi.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Ledger ledger = new Ledger();

    @Test
    @Timeout(900)
    void every_accepted_event_is_in_its_table_once_after_many_kills_of_the_broker() throws Exception {
        System.out.println("BrokerCrashIT: -Dwadi.seed=" + seed);
        try (RabbitMqServer broker = RabbitMqServer.start();
                WadiProcess wadi = new WadiProcess(folder, Map.of("RABBITMQ_URI", broker.uri()))) {
            wadi.start();
            List<Load> clients = new ArrayList<>();
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(Load.http(wadi, ledger, seed + i));
                }
                for (int kill = 0; kill < KILLS; kill++) {
                    Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                    broker.kill();
                    Thread.sleep(random.nextInt(LONGEST_DEATH_MILLIS));
                    broker.launch();
                }
                wadi.awaitReady();
                int before = ledger.acknowledged().size();
                assertThat(Eventually.same(
                                DRAINED_WITHIN,
                                () -> ledger.acknowledged().size() > before
                                        ? List.of()
                                        : List.of("nothing is accepted")))
                        .as("after the last start; seed %d\n%s", seed, wadi.tail())
                        .isEmpty();
                for (Load client : clients) {
                    client.finish();
                }
            } finally {
                for (Load client : clients) {
                    client.close();
                }
            }
            LakeReader lake = new LakeReader(wadi.lake());
            assertThat(Eventually.same(DRAINED_WITHIN, () -> differences(broker, lake)))
                    .as("seed %d\n%s", seed, wadi.tail())
                    .isEmpty();
            System.out.printf(
                    "BrokerCrashIT: %d kills; sent %,d, accepted %,d%n",
                    KILLS, ledger.sent().size(), ledger.acknowledged().size());
            wadi.stop();
        }
    }

    private List<String> differences(RabbitMqServer broker, LakeReader lake) throws Exception {
        List<String> differences = new ArrayList<>();
        differences.addAll(AmqpDoor.waiting(broker.uri()));
        differences.addAll(ledger.differences(lake, (stream, event) -> {}));
        return differences;
    }
}
