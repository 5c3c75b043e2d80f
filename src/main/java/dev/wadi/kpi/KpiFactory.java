package dev.wadi.kpi;

import dev.wadi.contract.Contracts;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import java.nio.file.Path;

/** Reads the KPI definitions when the application starts, so that a mistake in one stops the start, and follows their files. */
@Factory
final class KpiFactory {
    @Bean(preDestroy = "close")
    @Context
    LiveKpis kpis(@Value("${wadi.schemas-dir}") String schemas, Contracts contracts, MeterRegistry meters) {
        return LiveKpis.follow(Path.of(schemas, "kpis"), contracts, meters);
    }
}
