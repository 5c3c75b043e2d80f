package dev.wadi.route;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.DefaultErrorHandlerBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultRegistry;

/** Makes the Camel context. {@link RouteLifecycle} fills and starts it. */
@Factory
final class CamelFactory {
    /** In-flight exchanges have this long to finish; what is not finished goes back to where it came from. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(8);

    @Singleton
    RabbitMqComponent rabbitmq(@Value("${rabbitmq.uri:`" + RabbitMqComponent.URI + "`}") String uri) {
        return new RabbitMqComponent(uri);
    }

    @Singleton
    CamelContext camel(ApplicationContext beans, RabbitMqComponent rabbitmq, Tables tables) {
        DefaultCamelContext camel = context(rabbitmq, new DeltaComponent(tables));
        camel.getCamelContextExtension().setRegistry(new DefaultRegistry(new MicronautBeans(beans)));
        camel.getPropertiesComponent().addPropertiesSource(new MicronautProperties(beans.getEnvironment()));
        return camel;
    }

    /** A context with our components and settings, not started. */
    static DefaultCamelContext context(RabbitMqComponent rabbitmq, DeltaComponent delta) {
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
        // A caller learns at once that nobody listens, instead of holding its thread for 30 s.
        DirectComponent direct = new DirectComponent();
        direct.setBlock(false);
        camel.addComponent("direct", direct);
        camel.addComponent("rabbitmq", rabbitmq);
        camel.addComponent("delta", delta);
        return camel;
    }
}
