package dev.wadi.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives all test classes the one {@link Spark}, which is slow to start. */
final class SharedSpark implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Spark.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Spark.class))
                .getOrComputeIfAbsent(
                        "spark",
                        key -> {
                            try {
                                return new Spark();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        Spark.class);
    }
}
