package dev.wadi.api;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets single events of a stream that come while others wait for their confirm share one message: a confirm costs the
 * broker, the network and the consumer about as much for one event as for a hundred. An event that nobody is ahead of
 * goes at once, so nothing waits for the sake of waiting.
 *
 * <p>Every event is still confirmed before its own request is answered, and a request is still in one message. What is
 * not a small single event goes on by itself.
 */
final class Gathering implements Publisher {
    /** Bytes of a gathered message, but for its last event. */
    private static final int BYTES = 256 * 1024;

    private final Publisher next;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    Gathering(Publisher next) {
        this.next = next;
    }

    @Override
    public CompletableFuture<String> publish(Message message) {
        return message.posting().isLine()
                ? lanes.computeIfAbsent(message.stream(), stream -> new Lane()).publish(message)
                : next.publish(message);
    }

    /** Events that wait for the one under way. */
    int waiting() {
        return lanes.values().stream().mapToInt(Lane::waiting).sum();
    }

    private record Waiting(Message message, CompletableFuture<String> kept) {}

    /** The single events of one stream. */
    private final class Lane {
        private final Deque<Waiting> line = new ArrayDeque<>();
        /** Whether a message waits for its confirm; events gather as long. */
        private boolean underWay;

        CompletableFuture<String> publish(Message message) {
            Waiting waiting = new Waiting(message, new CompletableFuture<>());
            send(enter(waiting));
            return waiting.kept();
        }

        synchronized int waiting() {
            return line.size();
        }

        private synchronized List<Waiting> enter(Waiting waiting) {
            line.add(waiting);
            return depart();
        }

        private synchronized List<Waiting> arrived() {
            underWay = false;
            return depart();
        }

        /** Takes out what goes next; empty when nothing may. */
        private synchronized List<Waiting> depart() {
            if (underWay || line.isEmpty()) {
                return List.of();
            }
            underWay = true;
            List<Waiting> together = new ArrayList<>();
            for (int bytes = 0; bytes < BYTES && !line.isEmpty(); ) {
                Waiting waiting = line.remove();
                bytes += waiting.message().posting().body().length;
                together.add(waiting);
            }
            return together;
        }

        private void send(List<Waiting> together) {
            if (together.isEmpty()) {
                return;
            }
            confirmed(together).whenComplete((place, failure) -> {
                send(arrived());
                for (int i = 0; i < together.size(); i++) {
                    CompletableFuture<String> kept = together.get(i).kept();
                    if (failure != null) {
                        kept.completeExceptionally(failure);
                    } else {
                        kept.complete(together.size() == 1 ? place : place + "#" + i);
                    }
                }
            });
        }
    }

    private CompletableFuture<String> confirmed(List<Waiting> together) {
        try {
            return next.publish(together.size() == 1 ? together.getFirst().message() : message(together));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Its id and arrival are those of the first. */
    private static Message message(List<Waiting> together) {
        Message first = together.getFirst().message();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Waiting waiting : together) {
            lines.writeBytes(waiting.message().posting().body());
            lines.write('\n');
        }
        return new Message(
                first.id(), first.stream(), new Posting(MediaKind.NDJSON, lines.toByteArray()), first.arrival());
    }
}
