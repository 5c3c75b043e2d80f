package dev.wadi.kpi;

import dev.wadi.contract.Contracts;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import java.nio.file.Path;

/** Reads the KPI definitions when the application starts, so that a mistake in one stops the start. */
@Factory
final class KpiFactory {
    @Context
    Kpis kpis(@Value("${wadi.schemas-dir}") String schemas, Contracts contracts) {
        return Kpis.load(Path.of(schemas, "kpis"), contracts);
    }
}
