package dev.wadi.sql;

import dev.wadi.contract.Contracts;
import dev.wadi.engine.LakeReader;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import java.nio.file.Path;

/** Foreign SQL, put together when the application starts, so that a setting that cannot be used stops the start. */
@Factory
final class SqlBeans {
    @Bean(preDestroy = "close")
    @Context
    ForeignSql foreignSql(
            LakeReader lake,
            Contracts contracts,
            SqlSettings settings,
            @Property(name = "wadi.data-dir", defaultValue = "data") String data) {
        return new ForeignSql(lake, contracts, settings, Path.of(data, "sql"));
    }
}
