package dev.wadi.route;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** How each route is, as the metric {@code wadi.route.state} by route and state: 1 at the state it is in, 0 at the others. */
final class RouteStates {
    private final MultiGauge gauge;
    private final Function<String, Routes.State> state;

    /** @param state of a route now, by its id */
    RouteStates(MeterRegistry meters, Function<String, Routes.State> state) {
        this.gauge = MultiGauge.builder("wadi.route.state").register(meters);
        this.state = state;
    }

    /** From now on there are these routes, and no others. */
    void follow(Set<String> routes) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (String route : routes) {
            for (Routes.State each : Routes.State.values()) {
                rows.add(MultiGauge.Row.of(
                        Tags.of("route", route, "state", each.name().toLowerCase(Locale.ROOT)),
                        () -> state.apply(route) == each ? 1 : 0));
            }
        }
        gauge.register(rows, true);
    }
}
