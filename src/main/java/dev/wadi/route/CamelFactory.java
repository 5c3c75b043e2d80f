package dev.wadi.route;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.DefaultErrorHandlerBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ComponentResolver;

/** Makes the Camel context that runs. {@link RouteLifecycle} fills and starts it. */
@Factory
final class CamelFactory {
    /** In-flight exchanges have this long to finish; what is not finished goes back to where it came from. */
    static final Duration SHUTDOWN = Duration.ofSeconds(8);

    @Singleton
    CamelContext camel(RouteContexts contexts) {
        return contexts.make();
    }

    /** That of the context that runs. */
    @Singleton
    RabbitMqComponent rabbitmq(CamelContext camel) {
        return camel.getComponent("rabbitmq", RabbitMqComponent.class);
    }

    /** A context with these components and our settings, not started. */
    static DefaultCamelContext context(RabbitMqComponent rabbitmq, DeltaComponent delta) {
        return context(new Components(Map.of("rabbitmq", () -> rabbitmq, "delta", () -> delta)));
    }

    /** A context with these components and our settings, not started. */
    static DefaultCamelContext context(Components components) {
        DefaultCamelContext camel = new DefaultCamelContext(false);
        camel.getCamelContextExtension().setName("wadi");
        camel.disableJMX();
        camel.setLoadTypeConverters(false);
        // lines in messages about routes
        camel.setSourceLocationEnabled(true);
        camel.getShutdownStrategy().setTimeout(SHUTDOWN.toSeconds());
        camel.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        // Failures are told by the end that tries again or by the caller, once; Camel would log each exchange.
        camel.getCamelContextExtension()
                .setErrorHandlerFactory(new DefaultErrorHandlerBuilder()
                        .loggingLevel(LoggingLevel.OFF)
                        .logExhausted(false)
                        .logExhaustedMessageHistory(false));
        camel.getCamelContextExtension().addContextPlugin(ComponentResolver.class, components);
        // A caller learns at once that nobody listens, instead of holding its thread for 30 s.
        DirectComponent direct = new DirectComponent();
        direct.setBlock(false);
        camel.addComponent("direct", direct);
        return camel;
    }
}
