package dev.wadi.parts;

import io.micronaut.context.ApplicationContext;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** What a Wadi that runs in this JVM says at {@code /health} of the sources of its routes. */
public final class SourceHealth {
    private SourceHealth() {}

    /** Status and details: {@code UP {capture-shop=reads}}. */
    public static String of(ApplicationContext wadi) {
        for (HealthIndicator indicator : wadi.getBeansOfType(HealthIndicator.class)) {
            if (indicator.getClass().getSimpleName().equals("SourcesHealth")) {
                HealthResult result =
                        Objects.requireNonNull(Mono.from(indicator.getResult()).block());
                return result.getStatus() + " " + result.getDetails();
            }
        }
        throw new AssertionError("no health of sources");
    }
}
