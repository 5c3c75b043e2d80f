package dev.wadi.engine;

import dev.wadi.contract.Contracts;
import dev.wadi.table.Lake;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** The engine, put together. */
@Factory
final class EngineBeans {
    @Bean(preDestroy = "close")
    @Singleton
    DuckDb duckDb(
            @Property(name = "wadi.duckdb-memory", defaultValue = "1GB") String memory,
            @Property(name = "wadi.duckdb-threads", defaultValue = "2") int threads,
            @Property(name = "wadi.data-dir", defaultValue = "data") String data) {
        return new DuckDb(memory, threads, Path.of(data, "duckdb"));
    }

    @Bean(preDestroy = "close")
    @Singleton
    LakeReader lakeReader(DuckDb duckDb, Lake lake) {
        return new LakeReader(duckDb, lake);
    }

    /** Tries the SQL of the contracts when the application starts, so that a mistake in one stops the start. */
    @Context
    ContractSql contractSql(DuckDb duckDb, Contracts contracts) {
        ContractSql sql = new ContractSql(duckDb);
        sql.check(contracts);
        return sql;
    }
}
