package dev.wadi.cli;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import java.util.function.ToIntFunction;

/** Gives a command the configuration that a server would have here, without starting one. */
final class Configured {
    private Configured() {}

    static int run(ToIntFunction<Environment> command) {
        try (ApplicationContext context = ApplicationContext.builder()
                .banner(false)
                .deduceEnvironment(false)
                .build()) {
            Environment configuration = context.getEnvironment();
            configuration.start();
            return command.applyAsInt(configuration);
        }
    }
}
