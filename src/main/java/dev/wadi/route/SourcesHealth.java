package dev.wadi.route;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** {@code sources} in {@code /health}: UP when every route that fetches can read its source. */
@Singleton
final class SourcesHealth implements HealthIndicator {
    private final Sources sources;

    SourcesHealth(Sources sources) {
        this.sources = sources;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Mono.fromSupplier(this::result);
    }

    private HealthResult result() {
        Map<String, Object> details = new LinkedHashMap<>();
        boolean up = true;
        for (Map.Entry<String, String> source : sources.problems().entrySet()) {
            up &= source.getValue().isEmpty();
            details.put(source.getKey(), source.getValue().isEmpty() ? "reads" : source.getValue());
        }
        return HealthResult.builder("sources", up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build();
    }
}
