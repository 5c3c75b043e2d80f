package dev.wadi.route;

import dev.wadi.yaml.FileWatch;
import dev.wadi.yaml.Mistakes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the routes with the application, has them follow their files, and stops them while the beans they use still work.
 */
@Singleton
final class RouteLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RouteLifecycle.class);

    private final CamelContext camel;
    private final Routes routes;
    private final RouteTrial trial;
    private final Path folder;
    private final MeterRegistry meters;
    private @Nullable FileWatch watch;

    RouteLifecycle(
            CamelContext camel,
            Routes routes,
            RouteContexts contexts,
            Tables tables,
            @Value("${wadi.routes-dir:routes}") Path folder,
            MeterRegistry meters) {
        this.camel = camel;
        this.routes = routes;
        this.trial = new RouteTrial(contexts::makeForTrial, tables);
        this.folder = folder;
        this.meters = meters;
    }

    /** @throws RouteException when a route file has a mistake; then nothing runs */
    @EventListener
    void start(StartupEvent event) {
        long begin = System.nanoTime();
        RouteFolder files = new RouteFolder(folder);
        FileWatch watching = new FileWatch("routes", files::marks, () -> follow(files));
        camel.addRoutePolicyFactory(routes.watch());
        Mistakes mistakes = new Mistakes();
        RouteSwap.Standing first = read(files, mistakes);
        mistakes.refuse(lines -> new RouteException(String.join("\n", lines)));
        routes.begin(first);
        LOG.info(
                "{} routes from {} run, after {} ms",
                camel.getRoutesSize(),
                folder,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        watch = watching;
        watching.start();
    }

    @EventListener
    void stop(ShutdownEvent event) {
        if (watch != null) {
            watch.close();
        }
        camel.stop();
    }

    private RouteSwap.Standing read(RouteFolder files, Mistakes mistakes) {
        RouteSet set = files.read(mistakes);
        return new RouteSwap.Standing(set, trial.run(set, mistakes));
    }

    /** The files have changed: what they say now takes the place of what runs, all of it or nothing. */
    private void follow(RouteFolder files) {
        long begin = System.nanoTime();
        Mistakes mistakes = new Mistakes();
        RouteSwap.Standing next = read(files, mistakes);
        if (mistakes.count() > 0) {
            refuse("refused", mistakes.lines());
            return;
        }
        try {
            RouteSwap.Difference difference = routes.become(next);
            if (!difference.none()) {
                count("ok");
                LOG.info(
                        "Routes follow their files after {} ms: {}",
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
                        difference);
            }
        } catch (RouteException e) {
            refuse("failed", List.of(RouteException.text(e)));
        }
    }

    private void refuse(String result, List<String> lines) {
        count(result);
        routes.refused(lines);
        LOG.warn("The changed routes cannot be used, so those of before run on:\n{}", String.join("\n", lines));
    }

    private void count(String result) {
        meters.counter("wadi.routes.reloads", "result", result).increment();
    }
}
