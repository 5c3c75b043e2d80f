package dev.wadi.route;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** {@code broker} in {@code /health}: UP when every end of a route that uses it is connected and may publish. */
@Singleton
final class BrokerHealth implements HealthIndicator {
    private final RabbitMqComponent rabbitmq;

    BrokerHealth(RabbitMqComponent rabbitmq) {
        this.rabbitmq = rabbitmq;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Mono.fromSupplier(this::result);
    }

    private HealthResult result() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("address", rabbitmq.address());
        boolean up = true;
        for (Map.Entry<String, String> end : rabbitmq.ends().entrySet()) {
            up &= end.getValue().isEmpty();
            details.put(end.getKey(), end.getValue().isEmpty() ? "connected" : end.getValue());
        }
        return HealthResult.builder("broker", up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build();
    }
}
