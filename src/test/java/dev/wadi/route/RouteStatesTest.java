package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RouteStatesTest {
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Map<String, Routes.State> now = new TreeMap<>();
    private final RouteStates states = new RouteStates(meters, id -> now.getOrDefault(id, Routes.State.FAILED));

    @Test
    void aRouteIsOneAtItsStateAndZeroAtTheOthers() {
        now.put("a", Routes.State.STARTED);
        now.put("b", Routes.State.STOPPED);
        states.follow(Set.of("a", "b"));
        assertThat(ones()).containsExactlyInAnyOrder("a started", "b stopped");
        now.put("a", Routes.State.FAILED);
        assertThat(ones()).containsExactlyInAnyOrder("a failed", "b stopped");
        assertThat(meters.find("wadi.route.state").gauges()).hasSize(6);
    }

    @Test
    void aRouteThatIsGoneIsNotSpokenOf() {
        now.put("a", Routes.State.STARTED);
        now.put("b", Routes.State.STARTED);
        states.follow(Set.of("a", "b"));
        states.follow(Set.of("b", "c"));
        assertThat(ones()).containsExactlyInAnyOrder("b started", "c failed");
        assertThat(meters.find("wadi.route.state").gauges()).hasSize(6);
    }

    private Set<String> ones() {
        return meters.find("wadi.route.state").gauges().stream()
                .filter(gauge -> gauge.value() == 1)
                .map(Gauge::getId)
                .map(id -> id.getTag("route") + " " + id.getTag("state"))
                .collect(Collectors.toSet());
    }
}
