package dev.wadi.route;

import dev.wadi.contract.Contracts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the routes of one set in the place of those of another, in a context that runs. Routes that are the same in both are not
 * touched. Where they rest on other contracts, these are put in force while the routes on them rest. An old route finishes what it has in hand before it ends; what it does not finish goes back to its source, and
 * comes again to the new one. When a new route does not start, all is put back as it was.
 */
final class RouteSwap {
    private static final Logger LOG = LoggerFactory.getLogger(RouteSwap.class);
    private static final long LOOK_MILLIS = 10;

    private final CamelContext camel;
    private final Tables tables;
    private final boolean single;

    /**
     * A set of routes and, by id, what makes each what it is.
     *
     * @param contracts that they were tried against
     * @param prints of the routes that run; one that is missing here is not there, or could not be put back
     */
    record Standing(RouteSet set, Contracts contracts, Map<String, String> prints) {
        Standing {
            prints = new LinkedHashMap<>(prints);
        }
    }

    /** What a swap does to routes, by id. */
    record Difference(Set<String> added, Set<String> changed, Set<String> removed) {
        static Difference between(Standing old, Standing next) {
            Set<String> added = new LinkedHashSet<>(next.prints().keySet());
            added.removeAll(old.prints().keySet());
            Set<String> removed = new LinkedHashSet<>(old.prints().keySet());
            removed.removeAll(next.prints().keySet());
            Set<String> changed = new LinkedHashSet<>(next.prints().keySet());
            changed.removeIf(id -> added.contains(id)
                    || Objects.equals(next.prints().get(id), old.prints().get(id)));
            return new Difference(added, changed, removed);
        }

        boolean none() {
            return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
        }

        /** {@code changed a, b; removed c}. */
        @Override
        public String toString() {
            List<String> parts = new ArrayList<>();
            part(parts, "added", added);
            part(parts, "changed", changed);
            part(parts, "removed", removed);
            return String.join("; ", parts);
        }

        private static void part(List<String> parts, String what, Set<String> ids) {
            if (!ids.isEmpty()) {
                parts.add(what + " " + String.join(", ", ids));
            }
        }
    }

    /** @param single whether routes run here that only one process of a lake should run */
    RouteSwap(CamelContext camel, Tables tables, boolean single) {
        this.camel = camel;
        this.tables = tables;
        this.single = single;
    }

    /**
     * Swaps.
     *
     * @param held ids of the routes that shall not run
     * @return what runs now, {@code next} unless it failed
     * @throws RouteException when a new route did not start; {@code old} runs again, but for what its message says
     */
    Difference swap(Standing old, Standing next, Set<String> held) {
        Difference difference = Difference.between(old, next);
        Set<String> ending = new LinkedHashSet<>(difference.changed());
        ending.addAll(difference.removed());
        Set<String> starting = new LinkedHashSet<>(difference.changed());
        starting.addAll(difference.added());
        end(ending);
        try {
            tables.follow(next.contracts());
            tables.become(next.contracts());
            add(next.set(), starting, held, changedFiles(old, next));
        } catch (Exception e) {
            String problem = told(next.set(), e);
            LOG.debug("the new routes do not start", e);
            end(starting);
            tables.become(old.contracts());
            List<String> lost = putBack(old, ending, held);
            lost.forEach(old.prints()::remove);
            throw new RouteException(
                    lost.isEmpty()
                            ? problem
                            : "%s; and the routes %s did not start again".formatted(problem, String.join(", ", lost)),
                    e);
        }
        return difference;
    }

    /** The failure of a start, with file and line of the route that caused it. */
    String told(RouteSet set, Exception failure) {
        String problem = RouteMistake.of(failure, KnownNames.of(camel)).problem();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String id = switch (cause) {
                case FailedToStartRouteException start -> start.getRouteId();
                case FailedToCreateRouteException create -> create.getRouteId();
                default -> null;
            };
            RouteSet.Written written = id == null ? null : set.routes().get(id);
            if (written != null) {
                return "%s:%d: the route '%s' does not start: %s"
                        .formatted(written.file().path(), written.item().line(), id, problem);
            }
        }
        return problem;
    }

    /** The files whose beans are new. */
    private static Set<RouteFile> changedFiles(Standing old, Standing next) {
        Set<RouteFile> changed = new LinkedHashSet<>(next.set().files());
        for (RouteFile file : old.set().files()) {
            changed.removeIf(
                    each -> each.path().equals(file.path()) && each.shared().equals(file.shared()));
        }
        return changed;
    }

    private List<String> putBack(Standing old, Set<String> ids, Set<String> held) {
        List<String> lost = new ArrayList<>();
        for (String id : ids) {
            try {
                add(old.set(), Set.of(id), held, Set.copyOf(old.set().files()));
            } catch (Exception e) {
                LOG.error("The route {} did not start again: {}", id, RouteException.text(e), e);
                end(List.of(id));
                lost.add(id);
            }
        }
        return lost;
    }

    /** Adds routes; in a context that has started they start too. */
    void add(RouteSet set, Set<String> ids, Set<String> held, Collection<RouteFile> withBeans) throws Exception {
        for (RouteFile file : set.files()) {
            if (file.routes().stream().anyMatch(item -> ids.contains(item.id()))) {
                RouteBuilder builder = set.builder(camel, file, ids::contains, withBeans.contains(file), route -> {
                    if (held.contains(route.getRouteId()) || (!single && !SharedSource.feeds(route))) {
                        route.autoStartup(false);
                    }
                });
                camel.addRoutes(builder);
            }
        }
    }

    /** Ends routes for good: first all of them take nothing more, then each finishes. Ids that are not there are passed over. */
    private void end(Collection<String> ids) {
        for (String id : ids) {
            rest(camel.getRoute(id));
        }
        for (String id : ids) {
            try {
                finish(id);
                if (camel.getRouteController().getRouteStatus(id) != null) {
                    camel.getRouteController().stopRoute(id);
                }
                camel.removeRoute(id);
            } catch (Exception e) {
                LOG.warn("The route {} did not end in the usual way: {}", id, RouteException.text(e), e);
            }
        }
    }

    /** Stops a route that may be started again. */
    void stop(String id) throws Exception {
        rest(camel.getRoute(id));
        finish(id);
        camel.getRouteController().stopRoute(id);
    }

    /** Has a route take nothing more. Camel would do so too, and then look once a second whether the route has finished. */
    private void rest(@Nullable Route route) {
        if (route != null && route.getConsumer() != null && started(route.getRouteId())) {
            try {
                ServiceHelper.suspendService(route.getConsumer());
            } catch (RuntimeException e) {
                LOG.debug("{} does not rest", route.getRouteId(), e);
            }
        }
    }

    private boolean started(String id) {
        return camel.getRouteController().getRouteStatus(id) == ServiceStatus.Started;
    }

    private void finish(String id) throws InterruptedException {
        long deadline = System.nanoTime() + CamelFactory.SHUTDOWN.toNanos();
        while (camel.getInflightRepository().size(id) > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}
