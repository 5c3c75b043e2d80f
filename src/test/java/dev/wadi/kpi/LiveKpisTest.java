package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    @Test
    void a_mounted_config_map_is_followed_when_its_link_is_swapped() throws Exception {
        Path first = Files.createDirectories(folder.resolve("..2026_01"));
        copy("orders", first);
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_01"));
        link("orders");
        try (LiveKpis live = LiveKpis.follow(folder, Gold.contracts(), new SimpleMeterRegistry())) {
            assertThat(live.now().names()).containsExactly("orders");

            // as a kubelet does: a new folder, one rename of the link, new links, and the old folder goes
            Path second = Files.createDirectories(folder.resolve("..2026_02"));
            Path orders = copy("orders", second);
            Files.writeString(orders, Files.readString(orders).replace("title: Orders", "title: Bookings"));
            copy("events", second);
            Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2026_02"));
            Files.move(folder.resolve("..data_tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            link("events");
            Files.delete(first.resolve("orders.kpi.yaml"));
            Files.delete(first);

            await(() -> live.now().names().contains("events")
                    && live.now().find("orders").orElseThrow().title().equals("Bookings"));
            assertThat(live.problem()).isEmpty();
        }
    }

    @Test
    void a_folder_that_goes_does_not_take_the_kpis_with_it() throws Exception {
        Path kpis = Files.createDirectory(folder.resolve("kpis"));
        copy("orders", kpis);
        try (LiveKpis live = LiveKpis.follow(kpis, Gold.contracts(), new SimpleMeterRegistry())) {
            Files.move(kpis, folder.resolve("away"));
            await(() -> live.problem().isPresent());
            assertThat(live.problem().orElseThrow().mistakes())
                    .containsExactly(kpis + ": is gone, with all KPIs. Put it back; to have none, leave it empty.");
            assertThat(live.now().names()).containsExactly("orders");

            Files.move(folder.resolve("away"), kpis);
            await(() -> live.problem().isEmpty());

            Files.delete(kpis.resolve("orders.kpi.yaml"));
            await(() -> live.now().all().isEmpty());
        }
    }

    private void link(String name) throws IOException {
        String file = name + ".kpi.yaml";
        Files.createSymbolicLink(folder.resolve(file), Path.of("..data", file));
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        for (int n = 0; n < 600 && !holds.getAsBoolean(); n++) {
            Thread.sleep(50);
        }
        assertThat(holds.getAsBoolean()).isTrue();
    }

    private Path copy(String name) throws IOException {
        return copy(name, folder);
    }

    private static Path copy(String name, Path to) throws IOException {
        return Files.copy(Path.of("schemas", "kpis", name + ".kpi.yaml"), to.resolve(name + ".kpi.yaml"));
    }
}
