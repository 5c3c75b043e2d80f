package dev.wadi.route;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/** The routes that run, and how they do. */
@Singleton
public final class Routes {
    private final CamelContext camel;
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    /**
     * One route.
     *
     * @param from where it takes from, without passwords
     * @param status {@code Started}, {@code Suspended}, {@code Stopped}, ...
     * @param lastError why an exchange of it failed last; null when none did
     * @param lastErrorAt null when none did
     */
    public record Status(
            String id,
            String from,
            String status,
            @Nullable String lastError,
            @Nullable Instant lastErrorAt) {
        public boolean started() {
            return status.equals(ServiceStatus.Started.name());
        }
    }

    private record Failure(String message, Instant at) {}

    Routes(CamelContext camel) {
        this.camel = camel;
    }

    /** Whether the routes were started and not stopped since. */
    boolean running() {
        return camel.isStarted();
    }

    /** All routes, in the order of their ids. */
    public List<Status> list() {
        return camel.getRoutes().stream()
                .map(this::status)
                .sorted(Comparator.comparing(Status::id))
                .toList();
    }

    /** Whether a route was never to start by itself: {@code autoStartup: false}. */
    boolean isLeftOut(Status status) {
        Route route = camel.getRoute(status.id());
        return route != null && Boolean.FALSE.equals(route.isAutoStartup()) && !failures.containsKey(status.id());
    }

    private Status status(Route route) {
        String id = route.getRouteId();
        Failure failure = failures.get(id);
        return new Status(
                id,
                URISupport.sanitizeUri(route.getEndpoint().getEndpointUri()),
                String.valueOf(camel.getRouteController().getRouteStatus(id)),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.at());
    }

    /** Makes a context's routes report their failures here. */
    RoutePolicyFactory watch() {
        return new RoutePolicyFactory() {
            @Override
            public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
                return new RoutePolicySupport() {
                    @Override
                    public void onExchangeDone(Route done, Exchange exchange) {
                        Exception exception = exchange.getException();
                        if (exception != null) {
                            failures.put(routeId, new Failure(RouteException.text(exception), Instant.now()));
                        }
                    }
                };
            }
        };
    }
}
