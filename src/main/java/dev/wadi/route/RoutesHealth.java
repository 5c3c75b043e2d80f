package dev.wadi.route;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * {@code routes} in {@code /health}: UP unless a route stopped by itself. Files that cannot be used are a warning in it, because
 * the routes of before run on.
 */
@Singleton
final class RoutesHealth implements HealthIndicator {
    private final Routes routes;

    RoutesHealth(Routes routes) {
        this.routes = routes;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Mono.fromSupplier(this::result);
    }

    private HealthResult result() {
        List<Routes.Status> all = routes.list();
        Map<String, Object> details = new LinkedHashMap<>();
        for (Routes.Status route : all) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("state", route.state().name().toLowerCase(Locale.ROOT));
            detail.put("from", route.from());
            if (route.lastError() != null) {
                detail.put("lastError", route.lastError());
                detail.put("lastErrorAt", String.valueOf(route.lastErrorAt()));
            }
            details.put(route.id(), detail);
        }
        routes.problem().ifPresent(problem -> details.put("warning", problem.mistakes()));
        boolean up = routes.running() && all.stream().noneMatch(route -> route.state() == Routes.State.FAILED);
        return HealthResult.builder("routes", up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build();
    }
}
