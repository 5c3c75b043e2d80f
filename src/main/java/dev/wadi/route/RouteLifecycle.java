package dev.wadi.route;

import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the routes with the application, and stops them while the beans they use still work. */
@Singleton
final class RouteLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RouteLifecycle.class);

    private final CamelContext camel;
    private final Routes routes;
    private final Path folder;

    RouteLifecycle(CamelContext camel, Routes routes, @Value("${wadi.routes-dir:routes}") Path folder) {
        this.camel = camel;
        this.routes = routes;
        this.folder = folder;
    }

    /** @throws RouteException when a route file has a mistake; then nothing runs */
    @EventListener
    void start(StartupEvent event) {
        long begin = System.nanoTime();
        RouteFolder files = new RouteFolder(folder);
        camel.addRoutePolicyFactory(routes.watch());
        files.addTo(camel);
        try {
            camel.start();
        } catch (RuntimeException e) {
            camel.stop();
            throw files.explain(e);
        }
        LOG.info(
                "{} routes from {} run, after {} ms",
                camel.getRoutesSize(),
                folder,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    @EventListener
    void stop(ShutdownEvent event) {
        camel.stop();
    }
}
