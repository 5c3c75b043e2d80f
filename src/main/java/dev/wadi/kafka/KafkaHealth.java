package dev.wadi.kafka;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** {@code kafka} in {@code /health}: UP when the brokers answer every {@code from:} of a route, or no route asks them. */
@Singleton
final class KafkaHealth implements HealthIndicator {
    private final KafkaDoor door;

    KafkaHealth(@Named("kafka") KafkaDoor door) {
        this.door = door;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Mono.fromSupplier(this::result);
    }

    private HealthResult result() {
        boolean up = true;
        Map<String, Object> details = new LinkedHashMap<>();
        for (Map.Entry<String, Connection.State> end : door.ends().entrySet()) {
            Connection.State state = end.getValue();
            up &= state.problem() == null;
            details.put(
                    end.getKey(),
                    state.problem() == null
                            ? "connected, reads %d partitions, %d records behind"
                                    .formatted(state.partitions(), state.lag())
                            : state.problem());
        }
        return HealthResult.builder("kafka", up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(details)
                .build();
    }
}
