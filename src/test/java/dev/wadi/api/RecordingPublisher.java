package dev.wadi.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A broker that keeps what it is given, and confirms as it is told. */
final class RecordingPublisher implements Publisher {
    final List<Message> messages = new CopyOnWriteArrayList<>();
    volatile Supplier<CompletableFuture<Void>> confirmation = () -> CompletableFuture.completedFuture(null);

    @Override
    public CompletableFuture<String> publish(Message message) {
        messages.add(message);
        return confirmation.get().thenApply(nothing -> message.id());
    }

    Message only() {
        if (messages.size() != 1) {
            throw new AssertionError("expected one message, found " + messages);
        }
        return messages.getFirst();
    }

    String onlyText() {
        return new String(only().posting().body(), StandardCharsets.UTF_8);
    }
}
