package dev.wadi.api;

import dev.wadi.contract.TableName;
import dev.wadi.table.TableException;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code lake} in /health: up when every table can be read. */
@Singleton
final class LakeHealth implements HealthIndicator {
    private static final String NAME = "lake";

    private final TableStates states;

    LakeHealth(TableStates states) {
        this.states = states;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Mono.fromCallable(this::check)
                .onErrorResume(e -> Mono.just(down(0, List.of("The lake cannot be read: " + e))))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private HealthResult check() {
        List<String> broken = new ArrayList<>();
        int tables = 0;
        for (TableName table : states.tables()) {
            tables++;
            broken.addAll(problem(table));
        }
        return broken.isEmpty()
                ? HealthResult.builder(NAME, HealthStatus.UP)
                        .details(Map.of("tables", tables))
                        .build()
                : down(tables, broken);
    }

    private static HealthResult down(int tables, List<String> errors) {
        return HealthResult.builder(NAME, HealthStatus.DOWN)
                .details(Map.of("tables", tables, "errors", errors))
                .build();
    }

    private List<String> problem(TableName table) {
        try {
            states.latest(table);
            return List.of();
        } catch (TableException e) {
            return List.of("%s cannot be read: %s".formatted(table, e.getMessage()));
        }
    }
}
