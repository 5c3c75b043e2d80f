package dev.wadi.api;

import io.micronaut.http.HttpStatus;
import io.micronaut.http.body.AvailableByteBody;
import io.micronaut.http.body.ByteBody;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Collects a request's body, and stops as soon as it is too large or the door is full. A body of unknown length
 * (chunked) takes its room while it arrives.
 */
final class BodyReader implements Subscriber<byte[]> {
    private final long limit;
    private final Admission.Ticket ticket;
    /** What the ticket was given at the entrance: the announced length, or 0. */
    private final long announced;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private @Nullable Subscription upstream;

    private BodyReader(long limit, long announced, Admission.Ticket ticket) {
        this.limit = limit;
        this.announced = announced;
        this.ticket = ticket;
    }

    /** Fails with a {@link Problem}: 413 above {@code limit}, 429 when the door has no room, 400 when it breaks off. */
    static CompletableFuture<byte[]> read(ByteBody body, long limit, long announced, Admission.Ticket ticket) {
        BodyReader reader = new BodyReader(limit, announced, ticket);
        if (body instanceof AvailableByteBody available) {
            if (reader.hasRoom(available.length())) {
                reader.whole.complete(available.toByteArray());
            }
        } else {
            body.toByteArrayPublisher().subscribe(reader);
        }
        return reader.whole;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        upstream = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(byte[] part) {
        if (whole.isDone()) {
            return;
        }
        if (hasRoom((long) bytes.size() + part.length)) {
            bytes.writeBytes(part);
        } else if (upstream != null) {
            upstream.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (failure instanceof ContentLengthExceededException) {
            whole.completeExceptionally(DoorProblems.tooLarge(limit));
        } else {
            Problem problem = new Problem(
                    HttpStatus.BAD_REQUEST,
                    "Unreadable body",
                    "The body broke off after %d bytes: %s. Send it again"
                            .formatted(bytes.size(), failure.getMessage()));
            problem.initCause(failure);
            whole.completeExceptionally(problem);
        }
    }

    @Override
    public void onComplete() {
        whole.complete(bytes.toByteArray());
    }

    private boolean hasRoom(long size) {
        if (size > limit) {
            whole.completeExceptionally(DoorProblems.tooLarge(limit));
            return false;
        }
        if (size > announced && !ticket.resize(size)) {
            whole.completeExceptionally(DoorProblems.busy());
            return false;
        }
        return true;
    }
}
