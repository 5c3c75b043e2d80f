package dev.wadi.route;

import io.micronaut.context.env.Environment;
import org.apache.camel.spi.PropertiesSource;
import org.jspecify.annotations.Nullable;

/** Resolves <code>{{key}}</code> in a route from the application's configuration and environment. */
final class MicronautProperties implements PropertiesSource {
    private final Environment environment;

    MicronautProperties(Environment environment) {
        this.environment = environment;
    }

    @Override
    public String getName() {
        return "micronaut";
    }

    @Override
    public @Nullable String getProperty(String name) {
        return environment.getProperty(name, String.class).orElse(null);
    }
}
