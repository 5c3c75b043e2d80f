package dev.wadi.route;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Component;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultRegistry;

/**
 * Makes Camel contexts that are all alike: the one that runs, and those in which routes are only tried. The one place where
 * components are listed.
 */
@Singleton
final class RouteContexts {
    private final ApplicationContext beans;
    private final Tables tables;
    private final String rabbitmqUri;

    RouteContexts(
            ApplicationContext beans,
            Tables tables,
            @Value("${rabbitmq.uri:`" + RabbitMqComponent.URI + "`}") String rabbitmqUri) {
        this.beans = beans;
        this.tables = tables;
        this.rabbitmqUri = rabbitmqUri;
    }

    /** The context that runs; not started. */
    DefaultCamelContext make() {
        return make(tables, false);
    }

    /** A context in which routes are tried. It shares no component with the one that runs. */
    DefaultCamelContext makeForTrial() {
        return makeForTrial(tables);
    }

    /** @param described what is known of tables there */
    DefaultCamelContext makeForTrial(Tables described) {
        return make(described, true);
    }

    private DefaultCamelContext make(Tables known, boolean ownComponents) {
        DefaultCamelContext camel = CamelFactory.context(new Components(components(known)));
        camel.getCamelContextExtension().setRegistry(new DefaultRegistry(new MicronautBeans(beans, ownComponents)));
        camel.getPropertiesComponent().addPropertiesSource(new MicronautProperties(beans.getEnvironment()));
        return camel;
    }

    /** Making one connects to nothing: a context in which routes are tried makes them too. */
    private Map<String, Supplier<Component>> components(Tables known) {
        return Map.of(
                "rabbitmq", () -> new RabbitMqComponent(rabbitmqUri),
                "delta", () -> new DeltaComponent(known),
                "azure-storage-blob", () -> new BlobDropComponent(beans.getBean(Sources.class)));
    }
}
