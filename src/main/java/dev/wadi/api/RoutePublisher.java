package dev.wadi.api;

import dev.wadi.route.RouteGateway;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;

/**
 * Publishes through the route that starts at {@code direct:http-events}.
 *
 * <p>A route runs on the thread that sends, and a broker that reads slowly makes that thread wait for its socket. So one
 * thread sends for all requests; {@link Admission} bounds what waits for it.
 */
@Singleton
final class RoutePublisher implements Publisher {
    private static final String ROUTE = "direct:http-events";

    private final RouteGateway gateway;
    private final ExecutorService sender = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("events-door-sender").daemon().factory());

    RoutePublisher(RouteGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public CompletableFuture<String> publish(Message message) {
        return CompletableFuture.supplyAsync(
                        () -> gateway.send(ROUTE, message.posting().body(), headers(message)), sender)
                .thenCompose(sent -> sent.thenApply(nothing -> message.id()));
    }

    /** As the route reads them. */
    static Map<String, Object> headers(Message message) {
        return Map.of(
                "WadiStream",
                message.stream(),
                Exchange.CONTENT_TYPE,
                message.posting().kind().mediaType(),
                "CamelRabbitmqMessageId",
                message.id(),
                "CamelRabbitmqTimestamp",
                message.arrival(),
                Exchange.MESSAGE_TIMESTAMP,
                message.arrival().getTime());
    }

    @PreDestroy
    void close() {
        sender.shutdown();
    }
}
