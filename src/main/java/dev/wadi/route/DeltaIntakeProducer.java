package dev.wadi.route;

import dev.wadi.contract.Contract;
import dev.wadi.file.UnreadableFileException;
import dev.wadi.merge.Delivery;
import dev.wadi.merge.Intake;
import dev.wadi.merge.Via;
import dev.wadi.merge.Watermark;
import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * {@code to: delta:}. An exchange ends when the commit that holds its body is done. A body that is a file is loaded row by row.
 * A body that is a list of exchanges, as Camel's consumers make them with {@code batching=true}, is taken as one, each keeping
 * its own source and position.
 */
final class DeltaIntakeProducer extends DefaultAsyncProducer {
    private final DeltaEndpoint endpoint;
    private @Nullable Intake intake;
    /** Of the exchange before; a route that is written anew has a new producer. */
    private volatile @Nullable Via via;

    DeltaIntakeProducer(DeltaEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (!endpoint.isAnyStream()) {
            intake = endpoint.tables().intake(endpoint.table());
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            take(exchange).whenComplete((outcome, failure) -> {
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

    private CompletableFuture<?> take(Exchange exchange) throws InterruptedException, InvalidPayloadException {
        Path file = file(exchange.getMessage().getBody());
        if (file != null) {
            String called = exchange.getMessage().getHeader(Exchange.FILE_NAME, String.class);
            String name = called == null ? Objects.toString(file.getFileName(), "") : called;
            Intake target = endpoint.isAnyStream() ? intake(exchange, name) : open();
            return endpoint.loads()
                    .load(
                            new FileLoads.Dropped(
                                    file, name, source(exchange), endpoint.format(), via(exchange, source(exchange))),
                            target,
                            endpoint.tables().rowFiles());
        }
        if (endpoint.isAnyStream()) {
            throw new IllegalArgumentException(
                    "delta:%s.* takes files only: name the table, such as delta:bronze.bookings"
                            .formatted(endpoint.layer()));
        }
        return submit(open(), exchange);
    }

    private Intake open() {
        Intake open = intake;
        if (open == null) {
            throw new IllegalStateException("delta:%s is stopped".formatted(endpoint.table()));
        }
        return open;
    }

    /** The intake of the stream that the header names, or the folder that the file is in. */
    private Intake intake(Exchange exchange, String name) {
        @Nullable String named = exchange.getMessage().getHeader(DeltaHeaders.STREAM, String.class);
        int slash = name.indexOf('/');
        String stream = named == null ? name.substring(0, Math.max(0, slash)) : named;
        Contract contract = endpoint.tables().contracts().stream(stream)
                .filter(each -> each.table().layer().equals(endpoint.layer()))
                .orElseThrow(() -> new UnreadableFileException(
                        "There is no stream '%s'. Drop files into a folder that is called like one: %s."
                                .formatted(stream, streams())));
        return endpoint.tables().intake(contract.table());
    }

    private String streams() {
        return endpoint.tables().contracts().streams().stream()
                .map(Contract::event)
                .map(shape -> Objects.requireNonNull(shape).stream())
                .collect(Collectors.joining(", "));
    }

    private static @Nullable Path file(@Nullable Object body) {
        Object inner = body instanceof WrappedFile<?> wrapped ? wrapped.getFile() : body;
        return inner instanceof File file ? file.toPath() : inner instanceof Path path ? path : null;
    }

    private static String source(Exchange exchange) {
        @Nullable String source = exchange.getMessage().getHeader(DeltaHeaders.SOURCE, String.class);
        return source == null ? exchange.getFromEndpoint().getEndpointBaseUri() : source;
    }

    private CompletableFuture<?> submit(Intake intake, Exchange exchange)
            throws InterruptedException, InvalidPayloadException {
        if (exchange.getMessage().getBody() instanceof List<?> list
                && list.stream().allMatch(Exchange.class::isInstance)) {
            List<Delivery> deliveries = new ArrayList<>(list.size());
            for (Object each : list) {
                Exchange part = (Exchange) each;
                // Nothing is what the intake refuses; were it a failure, it would hold up the rest for ever.
                deliveries.add(
                        delivery(part, part.getMessage().getBody() == null ? new byte[0] : body(part), exchange));
            }
            return intake.submitAll(deliveries);
        }
        return intake.submit(delivery(exchange, body(exchange), exchange));
    }

    private static byte[] body(Exchange exchange) throws InvalidPayloadException {
        return exchange.getMessage().getMandatoryBody(byte[].class);
    }

    /** @param whole the exchange that the route has, of which {@code exchange} may be a part */
    private Delivery delivery(Exchange exchange, byte[] body, Exchange whole) {
        Message message = exchange.getMessage();
        @Nullable String position = message.getHeader(DeltaHeaders.POSITION, String.class);
        @Nullable Long millis = message.getHeader(Exchange.MESSAGE_TIMESTAMP, Long.class);
        String source = source(exchange);
        return new Delivery(
                body,
                message.getHeader(Exchange.CONTENT_TYPE, String.class),
                source,
                position == null ? exchange.getExchangeId() : position,
                millis == null ? Instant.now() : Instant.ofEpochMilli(millis),
                message.getHeader(DeltaHeaders.WATERMARK, Watermark.class),
                null,
                message.getHeader(DeltaHeaders.REFUSAL, String.class),
                via(whole, source));
    }

    /** The route that took an exchange in; null where it has no id. */
    private @Nullable Via via(Exchange exchange, String source) {
        @Nullable String route = exchange.getFromRouteId();
        Via known = via;
        if (route == null
                || known != null && known.route().equals(route) && known.door().equals(source)) {
            return route == null ? null : known;
        }
        Route from = exchange.getContext().getRoute(route);
        @Nullable Object version = from == null ? null : from.getProperties().get(RouteSet.VERSION);
        Via found = new Via(source, route, version == null ? "" : version.toString());
        via = found;
        return found;
    }
}
