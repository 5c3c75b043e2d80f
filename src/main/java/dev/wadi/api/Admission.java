package dev.wadi.api;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is inside the events door, so that a slow broker fills neither the heap nor the patience of clients. */
final class Admission {
    private final int maxRequests;
    private final long maxBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Admission(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** A ticket for a request of {@code size} bytes; empty when there is no room for it now. */
    Optional<Ticket> admit(long size) {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            return Optional.empty();
        }
        if (!take(size)) {
            requests.decrementAndGet();
            return Optional.empty();
        }
        return Optional.of(new Ticket(size));
    }

    int requests() {
        return requests.get();
    }

    long bytes() {
        return bytes.get();
    }

    private boolean take(long size) {
        if (bytes.addAndGet(size) > maxBytes) {
            bytes.addAndGet(-size);
            return false;
        }
        return true;
    }

    /**
     * The room of one request. Close it when the request holds nothing any more; closing twice is harmless. One thread
     * at a time resizes.
     */
    final class Ticket implements AutoCloseable {
        private final AtomicBoolean open = new AtomicBoolean(true);
        private volatile long size;

        private Ticket(long size) {
            this.size = size;
        }

        /** Whether there was room for {@code newSize} bytes in all; when not, the ticket stays as it was. */
        boolean resize(long newSize) {
            long more = newSize - size;
            if (more > 0 && !take(more)) {
                return false;
            }
            if (more < 0) {
                bytes.addAndGet(more);
            }
            size = newSize;
            return true;
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                bytes.addAndGet(-size);
                requests.decrementAndGet();
            }
        }
    }
}
