package dev.wadi.route;

import dev.wadi.contract.Contract;
import dev.wadi.yaml.FileWatch;
import dev.wadi.yaml.FolderMarks;
import dev.wadi.yaml.Mistakes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the routes with the application, has them and the contracts that they rest on follow their files, and stops them while the beans they use still work.
 */
@Singleton
final class RouteLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RouteLifecycle.class);

    private final CamelContext camel;
    private final Routes routes;
    private final RouteContexts contexts;
    private final Tables tables;
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
        this.contexts = contexts;
        this.tables = tables;
        this.folder = folder;
        this.meters = meters;
    }

    /** @throws RouteException when a route file has a mistake; then nothing runs */
    @EventListener
    void start(StartupEvent event) {
        long begin = System.nanoTime();
        RouteFolder files = new RouteFolder(folder);
        FileWatch watching = new FileWatch("routes and contracts", () -> marks(files), () -> follow(files));
        camel.addRoutePolicyFactory(routes.watch());
        List<String> mistakes = new ArrayList<>();
        RouteSwap.Standing first = read(files, mistakes);
        if (!mistakes.isEmpty()) {
            throw new RouteException(String.join("\n", mistakes));
        }
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

    /** The files of routes, and those of the contracts that they rest on. */
    private Map<Path, FolderMarks.Mark> marks(RouteFolder files) {
        Map<Path, FolderMarks.Mark> marks = new HashMap<>(files.marks());
        marks.putAll(tables.files());
        return marks;
    }

    /** What is wrong with a route is told when its contracts are right: before that it would be told wrongly. */
    private RouteSwap.Standing read(RouteFolder files, List<String> mistakes) {
        Tables described = tables.described(mistakes);
        Mistakes inRoutes = new Mistakes();
        RouteSet set = files.read(inRoutes);
        Map<String, String> prints =
                mistakes.isEmpty() ? new RouteTrial(contexts::makeForTrial, described).run(set, inRoutes) : Map.of();
        mistakes.addAll(inRoutes.lines());
        return new RouteSwap.Standing(set, described.contracts(), prints);
    }

    /** The files have changed: what they say now takes the place of what runs, all of it or nothing. */
    private void follow(RouteFolder files) {
        long begin = System.nanoTime();
        List<String> mistakes = new ArrayList<>();
        RouteSwap.Standing next = read(files, mistakes);
        if (!mistakes.isEmpty()) {
            refuse("refused", mistakes);
            return;
        }
        List<Contract> contracts = next.contracts().without(tables.contracts());
        try {
            RouteSwap.Difference difference = routes.become(next);
            if (!difference.none() || !contracts.isEmpty()) {
                count("ok");
                LOG.info(
                        "Routes and contracts follow their files after {} ms: routes {}; contracts {}",
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin),
                        difference.none() ? "as before" : difference,
                        contracts.isEmpty()
                                ? "as before"
                                : contracts.stream().map(Contract::table).toList());
            }
        } catch (RouteException e) {
            refuse("failed", List.of(RouteException.text(e)));
        }
    }

    private void refuse(String result, List<String> lines) {
        count(result);
        routes.refused(lines);
        LOG.warn(
                "The changed routes and contracts cannot be used, so those of before run on:\n{}",
                String.join("\n", lines));
    }

    private void count(String result) {
        meters.counter("wadi.routes.reloads", "result", result).increment();
    }
}
