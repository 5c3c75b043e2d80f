package dev.wadi.route;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;

/** The way into routes for doors that are not Camel's: {@code send("direct:http-events", body, headers)}. Thread-safe. */
@Singleton
public final class RouteGateway {
    private final CamelContext camel;
    private final Map<String, AsyncProducer> producers = new ConcurrentHashMap<>();

    RouteGateway(CamelContext camel) {
        this.camel = camel;
    }

    /**
     * Sends on the calling thread. The header {@link Exchange#MESSAGE_TIMESTAMP} (milliseconds, a Long) says when the
     * body was received.
     *
     * @return completes when the whole route is done with the body; fails with what failed there, such as
     *     {@link BrokerUnavailableException}, or with {@link RouteAwayException} when no route takes it just now
     */
    public CompletableFuture<Void> send(String endpointUri, Object body, Map<String, Object> headers) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        try {
            AsyncProducer producer = producers.computeIfAbsent(endpointUri, this::producer);
            Exchange exchange = producer.getEndpoint().createExchange();
            exchange.getMessage().setBody(body);
            headers.forEach(exchange.getMessage()::setHeader);
            producer.process(exchange, synchronously -> {
                Exception failure = exchange.getException();
                if (failure == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(
                            failure instanceof DirectConsumerNotAvailableException
                                    ? new RouteAwayException(endpointUri, failure)
                                    : failure);
                }
            });
        } catch (RuntimeException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    private AsyncProducer producer(String uri) {
        try {
            AsyncProducer producer = camel.getEndpoint(uri).createAsyncProducer();
            producer.start();
            // so that it stops with the context
            camel.addService(producer);
            return producer;
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }
}
