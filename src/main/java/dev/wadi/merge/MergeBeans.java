package dev.wadi.merge;

import dev.wadi.contract.Contracts;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.LakeReader;
import dev.wadi.index.KeyIndexes;
import dev.wadi.table.Lake;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;

/** The parts of the merge, put together. */
@Factory
final class MergeBeans {
    @Singleton
    Commits commits() {
        return new Commits();
    }

    @Singleton
    KeyIndexes keyIndexes(
            @Property(name = "wadi.index-memory", defaultValue = "512MB") String memory, MeterRegistry registry) {
        KeyIndexes indexes = KeyIndexes.within(memory);
        registry.gauge("wadi.index.bytes", indexes, each -> (double) each.bytes());
        return indexes;
    }

    @Singleton
    Merger merger(Lake lake, DuckDb duckDb, KeyIndexes indexes, Commits commits, MeterRegistry registry) {
        return new Merger(lake, duckDb, indexes, commits, registry);
    }

    @Bean(preDestroy = "close")
    @Singleton
    Intakes intakes(Contracts contracts, Merger merger, MeterRegistry registry) {
        return new Intakes(contracts, merger, IntakeSettings.DEFAULTS, registry);
    }

    @Singleton
    Compactions compactions(Merger merger, CompactionSettings settings) {
        return new Compactions(merger, settings);
    }

    @Singleton
    Restores restores(Merger merger, Commits commits) {
        return new Restores(merger, commits);
    }

    @Singleton
    ChangeFeeds changeFeeds(Contracts contracts, Merger merger) {
        return new ChangeFeeds(contracts, merger);
    }

    @Singleton
    Transforms transforms(Contracts contracts, Lake lake, LakeReader reader, Merger merger) {
        return new Transforms(contracts, lake, reader, merger);
    }
}
