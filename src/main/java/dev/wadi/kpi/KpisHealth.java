package dev.wadi.kpi;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** {@code kpis} in {@code /health}: UP; files that cannot be used are a warning in it, because the KPIs of before answer on. */
@Singleton
final class KpisHealth implements HealthIndicator {
    private final LiveKpis kpis;

    KpisHealth(LiveKpis kpis) {
        this.kpis = kpis;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Mono.fromSupplier(this::result);
    }

    private HealthResult result() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("kpis", kpis.now().names().size());
        kpis.problem().ifPresent(problem -> details.put("warning", problem.mistakes()));
        return HealthResult.builder("kpis", HealthStatus.UP).details(details).build();
    }
}
