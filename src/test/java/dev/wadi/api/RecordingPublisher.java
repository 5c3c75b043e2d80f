package dev.wadi.api;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A broker that keeps what it is given, and confirms as it is told. */
final class RecordingPublisher implements Publisher {
    record Message(byte[] body, Map<String, Object> headers) {
        String text() {
            return new String(body, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    final List<Message> messages = new CopyOnWriteArrayList<>();
    volatile Supplier<CompletableFuture<Void>> confirmation = () -> CompletableFuture.completedFuture(null);

    @Override
    public CompletableFuture<Void> publish(byte[] body, Map<String, Object> headers) {
        messages.add(new Message(body, headers));
        return confirmation.get();
    }

    Message only() {
        if (messages.size() != 1) {
            throw new AssertionError("expected one message, found " + messages);
        }
        return messages.getFirst();
    }
}
