package dev.wadi.api;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.event.Decoded;
import dev.wadi.event.EventDecoder;
import dev.wadi.event.UnreadableBodyException;
import dev.wadi.route.RouteAwayException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events door: takes events by HTTP, holds them against their contract and gives them to the broker as one message.
 *
 * <p>202 is said only after the broker has confirmed. Nothing here blocks: the event loop reads and decodes small bodies,
 * workers the large ones, and the broker's confirmation sends the answer.
 */
@Controller(EventsController.PATH)
final class EventsController {
    static final String PATH = "/api/events";

    /** Bytes above which a body is decoded by a worker, so that the event loop stays free. */
    private static final int INLINE = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(EventsController.class);

    private final Contracts contracts;
    private final Map<String, Stream> streams = new ConcurrentHashMap<>();
    private final Inlets inlets;
    private final Gathering publisher;
    private final DoorSettings settings;
    private final Admission admission;
    private final ExecutorService workers;
    /** Bytes of the largest body, compressed or plain. */
    private final long limit;

    private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - TimeUnit.MINUTES.toNanos(1));

    EventsController(
            Contracts contracts,
            Inlets inlets,
            Publisher publisher,
            DoorSettings settings,
            HttpServerConfiguration server,
            @Named(TaskExecutors.BLOCKING) ExecutorService workers) {
        this.contracts = contracts;
        this.inlets = inlets;
        this.publisher = new Gathering(publisher);
        this.settings = settings;
        this.admission = new Admission(settings.maxPending(), settings.maxPendingBytes());
        this.workers = workers;
        this.limit = server.getMaxRequestSize();
        if (settings.maxPendingBytes() < limit) {
            throw new IllegalArgumentException(
                    "wadi.door.max-pending-bytes is %d, so a body of %d bytes, which micronaut.server.max-request-size allows, could never come in: raise the first or lower the second"
                            .formatted(settings.maxPendingBytes(), limit));
        }
    }

    /** Events that wait to share a message. */
    int gathered() {
        return publisher.waiting();
    }

    @Post(uri = "/{stream}", consumes = MediaType.ALL)
    CompletionStage<HttpResponse<byte[]>> post(
            HttpRequest<?> request, String stream, @QueryValue(defaultValue = "false") boolean partial) {
        Contract contract = contracts.stream(stream).orElseThrow(() -> DoorProblems.unknownStream(stream, posted()));
        TableName table = contract.table();
        if (!inlets.takePosts(table)) {
            throw DoorProblems.otherDoor(stream, table, inlets.into(table), posted());
        }
        Posting.Form form = Posting.Form.of(request.getHeaders());
        long announced = Math.max(0, request.getContentLength());
        if (announced > limit) {
            throw DoorProblems.tooLarge(limit);
        }
        if (!(request instanceof ServerHttpRequest<?> incoming)) {
            throw new IllegalStateException("the server gave a request without its body: " + request.getClass());
        }
        Admission.Ticket ticket = admission.admit(announced).orElseThrow(DoorProblems::busy);
        Visit visit = new Visit(stream, decoder(stream, contract), form, partial, ticket, new Date());
        return BodyReader.read(incoming.byteBody(), limit, announced, ticket)
                .whenComplete((body, failure) -> {
                    if (failure != null) {
                        ticket.close();
                    }
                })
                .thenCompose(body -> form.gzipped() || body.length > INLINE
                        ? CompletableFuture.supplyAsync(() -> take(visit, body), workers)
                                .thenCompose(Function.identity())
                        : take(visit, body));
    }

    /** What a stream is held against, and what does that. */
    private record Stream(Contract contract, EventDecoder decoder) {}

    private EventDecoder decoder(String stream, Contract contract) {
        Stream known = streams.get(stream);
        if (known == null || known.contract() != contract) {
            known = new Stream(contract, new EventDecoder(Objects.requireNonNull(contract.event())));
            streams.put(stream, known);
        }
        return known.decoder();
    }

    /** The streams that come in by this door. */
    private List<String> posted() {
        return contracts.streams().stream()
                .filter(contract -> inlets.takePosts(contract.table()))
                .map(contract -> Objects.requireNonNull(contract.event()).stream())
                .toList();
    }

    /** One request on its way through the door. */
    private record Visit(
            String stream,
            EventDecoder decoder,
            Posting.Form form,
            boolean partial,
            Admission.Ticket ticket,
            Date arrival) {}

    private CompletableFuture<HttpResponse<byte[]>> take(Visit visit, byte[] body) {
        try {
            Posting posting = visit.form.posting(body, limit, visit.ticket);
            Decoded decoded =
                    visit.decoder.decode(posting.body(), posting.kind().mediaType());
            int accepted = decoded.events().size();
            if (decoded.refusals().isEmpty()) {
                Receipt receipt = Receipt.of(visit.stream, accepted, List.of());
                if (accepted > 0) {
                    return publish(visit, posting, receipt);
                }
                visit.ticket.close();
                return CompletableFuture.completedFuture(accepted(receipt));
            }
            if (!visit.partial || accepted == 0) {
                throw DoorProblems.misfits(visit.stream, accepted, decoded.refusals());
            }
            return publish(visit, posting.accepted(decoded), Receipt.of(visit.stream, accepted, decoded.refusals()));
        } catch (UnreadableBodyException e) {
            visit.ticket.close();
            Problem problem = DoorProblems.unreadable(String.valueOf(e.getMessage()));
            problem.initCause(e);
            throw problem;
        } catch (RuntimeException e) {
            visit.ticket.close();
            throw e;
        }
    }

    /** From here on the ticket is closed when the publisher lets go of the body, be the client answered or not. */
    private CompletableFuture<HttpResponse<byte[]>> publish(Visit visit, Posting posting, Receipt receipt) {
        Publisher.Message message = new Publisher.Message(receipt.id(), visit.stream, posting, visit.arrival);
        CompletableFuture<String> confirmed = send(message).whenComplete((place, failure) -> visit.ticket.close());
        return confirmed
                .copy()
                .orTimeout(settings.confirmTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((place, failure) -> {
                    if (failure != null) {
                        warn(receipt, failure);
                        throw away(failure) ? DoorProblems.routeAway() : DoorProblems.brokerDown();
                    }
                    return accepted(receipt.keptAt(place));
                });
    }

    private static boolean away(Throwable failure) {
        return failure instanceof RouteAwayException || failure.getCause() instanceof RouteAwayException;
    }

    private CompletableFuture<String> send(Publisher.Message message) {
        try {
            return publisher.publish(message);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static HttpResponse<byte[]> accepted(Receipt receipt) {
        return HttpResponse.<byte[]>accepted()
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(receipt.json());
    }

    /** At most one line a second: a broker that is down fails every request. */
    private void warn(Receipt receipt, Throwable failure) {
        long now = System.nanoTime();
        long last = lastWarning.get();
        if (now - last >= TimeUnit.SECONDS.toNanos(1) && lastWarning.compareAndSet(last, now)) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (away(failure)) {
                LOG.warn(
                        "{} events of {} were not taken, nor perhaps others: {}. Their clients are told to send them again (503)",
                        receipt.accepted(),
                        receipt.stream(),
                        cause.getMessage());
                return;
            }
            LOG.warn(
                    "The broker did not confirm {} events of {}, nor perhaps others: {}. Their clients are told to send them again (503)",
                    receipt.accepted(),
                    receipt.stream(),
                    cause.toString());
            LOG.debug("Why the broker did not confirm", cause);
        }
    }
}
