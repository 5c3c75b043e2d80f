package dev.wadi.route;

import dev.wadi.route.BrokerUnavailableException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The messages of one channel that wait for their confirms, by sequence number; bounded. Thread-safe. */
final class Unconfirmed {

    /** One message. {@code done} hears null when the broker has it, else why not; exactly once. */
    static final class Message {
        private final String id;
        private final String routingKey;
        private final int bytes;
        private final Consumer<@Nullable BrokerUnavailableException> done;
        private final long sentAt = System.nanoTime();
        private @Nullable BrokerUnavailableException problem;

        Message(String id, String routingKey, int bytes, Consumer<@Nullable BrokerUnavailableException> done) {
            this.id = id;
            this.routingKey = routingKey;
            this.bytes = bytes;
            this.done = done;
        }

        void tell() {
            done.accept(problem);
        }
    }

    private final int limit;
    private final long limitBytes;
    private final TreeMap<Long, Message> messages = new TreeMap<>();
    private long bytes;
    private boolean closed;

    Unconfirmed(int limit, long limitBytes) {
        this.limit = limit;
        this.limitBytes = limitBytes;
    }

    /** Waits for room. A message that is larger than the limit goes alone. @return false when there was none in time */
    synchronized boolean awaitRoom(int size, long waitNanos) throws InterruptedException {
        long deadline = System.nanoTime() + waitNanos;
        while (!closed && !messages.isEmpty() && (messages.size() >= limit || bytes + size > limitBytes)) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    synchronized void add(long sequence, Message message) {
        messages.put(sequence, message);
        bytes += message.bytes;
    }

    /**
     * Takes out what one confirm covers.
     *
     * @param refused why the broker did not keep it; null when it did
     */
    synchronized List<Message> confirmed(
            long sequence, boolean multiple, @Nullable BrokerUnavailableException refused) {
        List<Message> covered = new ArrayList<>();
        if (multiple) {
            NavigableMap<Long, Message> head = messages.headMap(sequence, true);
            covered.addAll(head.values());
            head.clear();
        } else {
            Message message = messages.remove(sequence);
            if (message != null) {
                covered.add(message);
            }
        }
        return settle(covered, refused);
    }

    /**
     * Marks the message that came back as not routable; its confirm follows. Returns come in the order of publishing, so
     * of several with the same id and key it is the first that is not marked.
     */
    synchronized void returned(@Nullable String id, String routingKey, String reply) {
        for (Message message : messages.values()) {
            if (message.problem == null && message.id.equals(id) && message.routingKey.equals(routingKey)) {
                message.problem = new BrokerUnavailableException(
                        Reason.UNROUTABLE,
                        ("no queue is bound for routing key '%s' (%s): start the route that reads it,"
                                        + " or bind a queue to the exchange")
                                .formatted(routingKey, reply));
                return;
            }
        }
    }

    /** Takes out what has waited longer than {@code timeoutNanos}. */
    synchronized List<Message> expired(long timeoutNanos, BrokerUnavailableException reason) {
        List<Message> late = new ArrayList<>();
        long now = System.nanoTime();
        while (!messages.isEmpty() && now - messages.firstEntry().getValue().sentAt > timeoutNanos) {
            late.add(messages.pollFirstEntry().getValue());
        }
        return settle(late, reason);
    }

    /** The channel is lost: takes out everything, and lets in nothing more. */
    synchronized List<Message> close(BrokerUnavailableException reason) {
        closed = true;
        List<Message> all = new ArrayList<>(messages.values());
        messages.clear();
        return settle(all, reason);
    }

    private List<Message> settle(Collection<Message> taken, @Nullable BrokerUnavailableException reason) {
        for (Message message : taken) {
            bytes -= message.bytes;
            if (message.problem == null) {
                message.problem = reason;
            }
        }
        notifyAll();
        return List.copyOf(taken);
    }
}
