package dev.wadi.api;

import dev.wadi.route.RouteGateway;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Publishes through the route that starts at {@code direct:http-events}. */
@Singleton
final class RoutePublisher implements Publisher {
    private static final String ROUTE = "direct:http-events";

    private final RouteGateway gateway;

    RoutePublisher(RouteGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public CompletableFuture<Void> publish(byte[] body, Map<String, Object> headers) {
        return gateway.send(ROUTE, body, headers);
    }
}
