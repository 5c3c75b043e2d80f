package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveKpisTest {
    @TempDir
    Path folder;

    @Test
    void a_changed_added_and_removed_file_takes_effect_whole_or_not_at_all() throws Exception {
        Path orders = copy("orders");
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (LiveKpis live = LiveKpis.follow(folder, Gold.contracts(), meters)) {
            assertThat(live.now().names()).containsExactly("orders");

            Path events = copy("events");
            await(() -> live.now().names().contains("events"));

            Files.writeString(orders, Files.readString(orders).replace("title: Orders", "title: Bookings"));
            Files.writeString(
                    events, Files.readString(events).replace("action: {column: action", "action: {column: deed"));
            await(() -> live.problem().isPresent());
            assertThat(live.problem().orElseThrow().mistakes())
                    .singleElement()
                    .asString()
                    .startsWith(events + ":")
                    .contains("gold.fact_events has no column 'deed'");
            assertThat(live.now().find("orders").orElseThrow().title()).isEqualTo("Orders");

            Files.delete(events);
            await(() -> live.problem().isEmpty());
            assertThat(live.now().names()).containsExactly("orders");
            assertThat(live.now().find("orders").orElseThrow().title()).isEqualTo("Bookings");
            assertThat(meters.counter("wadi.kpis.reloads", "result", "ok").count())
                    .isPositive();
            assertThat(meters.counter("wadi.kpis.reloads", "result", "refused").count())
                    .isPositive();
        }
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        for (int n = 0; n < 600 && !holds.getAsBoolean(); n++) {
            Thread.sleep(50);
        }
        assertThat(holds.getAsBoolean()).isTrue();
    }

    private Path copy(String name) throws IOException {
        return Files.copy(Path.of("schemas", "kpis", name + ".kpi.yaml"), folder.resolve(name + ".kpi.yaml"));
    }
}
