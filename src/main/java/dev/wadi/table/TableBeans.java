package dev.wadi.table;

import dev.wadi.contract.Contracts;
import dev.wadi.store.LocalStore;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** The lake and the contracts it is made by, put together. */
@Factory
final class TableBeans {
    @Singleton
    Contracts contracts(@Property(name = "wadi.schemas-dir", defaultValue = "schemas") String schemas) {
        return Contracts.load(Path.of(schemas, "tables"));
    }

    @Bean(preDestroy = "close")
    @Singleton
    Lake lake(@Property(name = "wadi.lake", defaultValue = "data/lake") String root, Contracts contracts) {
        return new Lake(new LocalStore(), Path.of(root), contracts);
    }
}
