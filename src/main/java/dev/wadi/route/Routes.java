package dev.wadi.route;

import dev.wadi.contract.TableName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * The routes that run, and how they do. A route that a person stopped stays so when its file changes, until a person starts it or
 * Wadi starts again.
 */
@Singleton
public final class Routes {
    private final CamelContext camel;
    private final MeterRegistry meters;
    private final RouteSwap swap;
    private final RouteStates states;
    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    /** Ids of the routes that a person stopped. */
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    private RouteSwap.Standing standing;
    private volatile @Nullable Problem problem;
    /** The ways into each table; null while they were not looked for. */
    private volatile @Nullable Map<TableName, List<Inlet>> inlets;

    /** How a route is. */
    public enum State {
        /** It runs. */
        STARTED,
        /** A person stopped it, its file says {@code autoStartup: false}, or another process of the lake runs it. */
        STOPPED,
        /** It stopped by itself or did not start: see the last error. */
        FAILED
    }

    /**
     * One route.
     *
     * @param file where it is written
     * @param line of the file, from 1
     * @param purpose what its description or the comment above it says; empty when there is none
     * @param from where it takes from, without passwords
     * @param total exchanges it has completed or failed since Wadi started, also before an edit
     * @param failed those that failed
     * @param inflight those that it has in hand
     * @param lag what waits at its source; null when the source does not say
     * @param lastError why an exchange of it failed last; null when none did
     * @param lastErrorAt null when none did
     * @param version of what is written about it: another one when that means something else; null when it was never started
     */
    public record Status(
            String id,
            String file,
            int line,
            String purpose,
            String from,
            State state,
            long total,
            long failed,
            int inflight,
            @Nullable Lag lag,
            @Nullable String lastError,
            @Nullable Instant lastErrorAt,
            @Nullable String version) {
        public boolean started() {
            return state == State.STARTED;
        }
    }

    /**
     * What is wrong with the files, while the routes of before run on.
     *
     * @param mistakes {@code file:line: problem: cure} each
     * @param since when it was found
     */
    public record Problem(List<String> mistakes, Instant since) {}

    /**
     * A way into a table.
     *
     * @param route its id
     * @param from what it takes from, without passwords
     */
    public record Inlet(String route, String from) {}

    /** No such route. */
    public static final class UnknownRouteException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UnknownRouteException(String id, List<String> known) {
            super("There is no route '%s'. There are: %s.".formatted(id, String.join(", ", known)));
        }
    }

    private record Failure(String message, Instant at) {}

    private static final class Tally {
        private final LongAdder total = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private volatile @Nullable Failure last;
    }

    /** @param single whether routes run here that only one process of a lake should run */
    Routes(
            CamelContext camel,
            Tables tables,
            MeterRegistry meters,
            @Value("${wadi.single-routes:true}") boolean single) {
        this.camel = camel;
        this.meters = meters;
        this.swap = new RouteSwap(camel, tables, single);
        this.standing = new RouteSwap.Standing(RouteSet.none(Path.of("")), tables.contracts(), Map.of());
        this.states = new RouteStates(meters, id -> state(id, camel.getRoute(id)));
    }

    /** Whether the routes were started and not stopped since. */
    boolean running() {
        return camel.isStarted();
    }

    /** What is wrong with the files now; empty when what they say is what runs. */
    public Optional<Problem> problem() {
        return Optional.ofNullable(problem);
    }

    void refused(List<String> mistakes) {
        problem = new Problem(List.copyOf(mistakes), Instant.now());
    }

    /** Starts the context with the routes it was given: all at once, so that each finds those it sends to. */
    void begin(RouteSwap.Standing first) {
        become(first);
        try {
            camel.start();
        } catch (RuntimeException e) {
            camel.stop();
            throw new RouteException(swap.told(first.set(), e), e);
        }
    }

    /** The routes as the files have them become those that run. */
    synchronized RouteSwap.Difference become(RouteSwap.Standing next) {
        RouteSwap.Difference difference = swap.swap(standing, next, held);
        standing = next;
        problem = null;
        inlets = null;
        difference.removed().forEach(tallies::remove);
        difference.removed().forEach(held::remove);
        states.follow(next.set().routes().keySet());
        return difference;
    }

    /** All routes, in the order of their ids. */
    public synchronized List<Status> list() {
        Map<String, Status> all = new TreeMap<>();
        standing.set().routes().forEach((id, written) -> all.put(id, status(id, written)));
        return new ArrayList<>(all.values());
    }

    /** The routes that fill a table by its name, started or not. */
    public List<Inlet> into(TableName table) {
        Map<TableName, List<Inlet>> known = inlets;
        if (known == null) {
            known = RouteTarget.inlets(camel);
            inlets = known;
        }
        return known.getOrDefault(table, List.of());
    }

    /** The routes that make tables of tables, in the order of their ids; also those that are stopped. */
    public List<Flow> flows() {
        List<Flow> flows = new ArrayList<>();
        for (Route route : camel.getRoutes()) {
            if (route.getEndpoint() instanceof DeltaEndpoint source && !source.isFeed()) {
                RouteTarget.targets(camel, route.getId())
                        .forEach(target ->
                                flows.add(new Flow(route.getId(), source.table(), target.table(), target.sql())));
            }
        }
        flows.sort(Comparator.comparing(Flow::route));
        return flows;
    }

    /** @throws UnknownRouteException when there is none of that id */
    public synchronized Status get(String id) {
        return status(id, written(id));
    }

    /**
     * Starts a route that is stopped or failed. One that runs stays as it is.
     *
     * @throws RouteException when it does not start
     */
    public synchronized Status start(String id) {
        RouteSet.Written written = written(id);
        try {
            if (camel.getRoute(id) == null) {
                swap.add(standing.set(), Set.of(id), Set.of(), List.of(written.file()));
            } else {
                camel.getRouteController().startRoute(id);
            }
        } catch (Exception e) {
            throw new RouteException(swap.told(standing.set(), e), e);
        }
        held.remove(id);
        return get(id);
    }

    /** Stops a route, after it has finished what it has in hand; what it cannot finish goes back to its source. */
    public synchronized Status stop(String id) {
        written(id);
        held.add(id);
        try {
            swap.stop(id);
        } catch (Exception e) {
            throw new RouteException("the route '%s' did not stop: %s".formatted(id, RouteException.text(e)), e);
        }
        return get(id);
    }

    private RouteSet.Written written(String id) {
        RouteSet.Written written = standing.set().routes().get(id);
        if (written == null) {
            throw new UnknownRouteException(
                    id, standing.set().routes().keySet().stream().sorted().toList());
        }
        return written;
    }

    private Status status(String id, RouteSet.Written written) {
        Tally tally = tallies.getOrDefault(id, new Tally());
        Failure failure = tally.last;
        Route route = camel.getRoute(id);
        return new Status(
                id,
                written.file().path().toString(),
                written.item().line(),
                written.item().purpose(),
                route == null ? "" : URISupport.sanitizeUri(route.getEndpoint().getEndpointUri()),
                state(id, route),
                tally.total.sum(),
                tally.failed.sum(),
                camel.getInflightRepository().size(id),
                route == null ? null : lag(route.getConsumer()),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.at(),
                route == null ? null : Objects.toString(route.getProperties().get(RouteSet.VERSION), null));
    }

    private State state(String id, @Nullable Route route) {
        if (camel.getRouteController().getRouteStatus(id) == ServiceStatus.Started) {
            return State.STARTED;
        }
        boolean wanted = held.contains(id) || (route != null && !route.isAutoStartup());
        return wanted ? State.STOPPED : State.FAILED;
    }

    private static @Nullable Lag lag(@Nullable Consumer consumer) {
        return consumer instanceof Lag.Known known ? known.lag() : null;
    }

    private static double waiting(Lag.Known source) {
        Lag lag = source.lag();
        return lag == null ? Double.NaN : lag.waiting();
    }

    /** Makes a context's routes count and report their failures here. */
    RoutePolicyFactory watch() {
        return new RoutePolicyFactory() {
            @Override
            public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
                Tally tally = tallies.computeIfAbsent(routeId, id -> new Tally());
                return new RoutePolicySupport() {
                    private @Nullable Gauge lag;

                    @Override
                    public void onStart(Route made) {
                        if (lag == null && made.getConsumer() instanceof Lag.Known known) {
                            lag = Gauge.builder("wadi.route.lag", () -> waiting(known))
                                    .tag("route", routeId)
                                    .register(meters);
                        }
                    }

                    @Override
                    public void onRemove(Route gone) {
                        if (lag != null) {
                            meters.remove(lag);
                        }
                    }

                    @Override
                    public void onExchangeDone(Route done, Exchange exchange) {
                        tally.total.increment();
                        Exception exception = exchange.getException();
                        if (exception != null || exchange.isRollbackOnly()) {
                            tally.failed.increment();
                        }
                        if (exception != null) {
                            tally.last = new Failure(RouteException.text(exception), Instant.now());
                        }
                    }
                };
            }
        };
    }
}
