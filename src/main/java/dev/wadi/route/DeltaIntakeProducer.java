package dev.wadi.route;

import dev.wadi.merge.Delivery;
import dev.wadi.merge.Intake;
import dev.wadi.merge.Watermark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * {@code to: delta:}. An exchange ends when the commit that holds its body is done. A body that is a list of exchanges, as
 * Camel's consumers make them with {@code batching=true}, is taken as one, each keeping its own source and position.
 */
final class DeltaIntakeProducer extends DefaultAsyncProducer {
    private final DeltaEndpoint endpoint;
    private @Nullable Intake intake;

    DeltaIntakeProducer(DeltaEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        intake = endpoint.tables().intake(endpoint.table());
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Intake open = intake;
        if (open == null) {
            exchange.setException(new IllegalStateException("delta:%s is stopped".formatted(endpoint.table())));
            callback.done(true);
            return true;
        }
        try {
            submit(open, exchange).whenComplete((outcome, failure) -> {
                if (failure != null) {
                    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
                    exchange.setException(cause);
                    FatalStop.of(exchange, cause);
                }
                callback.done(false);
            });
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.setException(e);
        } catch (InvalidPayloadException | RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private static CompletableFuture<?> submit(Intake intake, Exchange exchange)
            throws InterruptedException, InvalidPayloadException {
        if (exchange.getMessage().getBody() instanceof List<?> list
                && list.stream().allMatch(Exchange.class::isInstance)) {
            List<Delivery> deliveries = new ArrayList<>(list.size());
            for (Object each : list) {
                Exchange part = (Exchange) each;
                // Nothing is what the intake refuses; were it a failure, it would hold up the rest for ever.
                deliveries.add(delivery(part, part.getMessage().getBody() == null ? new byte[0] : body(part)));
            }
            return intake.submitAll(deliveries);
        }
        return intake.submit(delivery(exchange, body(exchange)));
    }

    private static byte[] body(Exchange exchange) throws InvalidPayloadException {
        return exchange.getMessage().getMandatoryBody(byte[].class);
    }

    private static Delivery delivery(Exchange exchange, byte[] body) {
        Message message = exchange.getMessage();
        @Nullable String source = message.getHeader(DeltaHeaders.SOURCE, String.class);
        @Nullable String position = message.getHeader(DeltaHeaders.POSITION, String.class);
        @Nullable Long millis = message.getHeader(Exchange.MESSAGE_TIMESTAMP, Long.class);
        return new Delivery(
                body,
                message.getHeader(Exchange.CONTENT_TYPE, String.class),
                source == null ? exchange.getFromEndpoint().getEndpointBaseUri() : source,
                position == null ? exchange.getExchangeId() : position,
                millis == null ? Instant.now() : Instant.ofEpochMilli(millis),
                message.getHeader(DeltaHeaders.WATERMARK, Watermark.class),
                message.getHeader(DeltaHeaders.REFUSAL, String.class));
    }
}
