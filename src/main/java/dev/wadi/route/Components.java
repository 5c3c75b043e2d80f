package dev.wadi.route;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.impl.engine.DefaultComponentResolver;
import org.apache.camel.spi.ComponentResolver;
import org.jspecify.annotations.Nullable;

/**
 * The components of one context by their schemes, each made when the first route asks for it; any other comes from Camel's jars.
 * A component belongs to one context, so each context has its own of these.
 */
final class Components implements ComponentResolver {
    private final Map<String, Supplier<Component>> own;
    private final ComponentResolver others = new DefaultComponentResolver();

    Components(Map<String, Supplier<Component>> own) {
        this.own = Map.copyOf(own);
    }

    @Override
    public @Nullable Component resolveComponent(String name, CamelContext context) throws Exception {
        Supplier<Component> make = own.get(name);
        return make == null ? others.resolveComponent(name, context) : make.get();
    }

    /** The schemes that are Wadi's. */
    Set<String> names() {
        return new TreeSet<>(own.keySet());
    }
}
