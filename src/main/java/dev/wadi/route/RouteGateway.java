package dev.wadi.route;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sends into Camel from outside a route. */
@Singleton
public class RouteGateway {

    /** Completes when the exchange has, exceptionally when it failed. */
    public CompletableFuture<Void> send(String endpointUri, Object body, Map<String, Object> headers) {
        throw new UnsupportedOperationException("soon");
    }
}
