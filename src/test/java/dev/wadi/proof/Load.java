package dev.wadi.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends events as long as it may, through an app that comes and goes. When it hears nothing of a batch it
 * either sends it again until it does, as a careful client, or forgets it, as a careless one.
 */
final class Load implements AutoCloseable {
    private final WadiProcess wadi;
    private final Ledger ledger;
    private final Random random;
    private final Sample sample;
    private final List<ObjectNode> newest = new ArrayList<>();
    private final Thread thread;
    private final AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
    private volatile boolean stopping;
    private @Nullable AmqpDoor amqp;

    private Load(WadiProcess wadi, Ledger ledger, long seed, boolean byAmqp) {
        this.wadi = wadi;
        this.ledger = ledger;
        this.random = new Random(seed);
        this.sample = new Sample(seed);
        this.thread = new Thread(() -> run(byAmqp), byAmqp ? "load-amqp" : "load-http");
        thread.start();
    }

    static Load http(WadiProcess wadi, Ledger ledger, long seed) {
        return new Load(wadi, ledger, seed, false);
    }

    static Load amqp(WadiProcess wadi, Ledger ledger, long seed) {
        return new Load(wadi, ledger, seed, true);
    }

    private void run(boolean byAmqp) {
        try {
            while (!stopping) {
                String stream = random.nextBoolean() ? Sample.CLICKSTREAM : Sample.BOOKINGS;
                List<ObjectNode> events = events(stream);
                boolean careful = random.nextInt(3) > 0;
                ledger.sending(events);
                while (!(byAmqp ? publish(stream, events) : post(stream, events)) && careful && !stopping) {
                    Thread.sleep(50);
                }
                Thread.sleep(5);
            }
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            fault.set(e);
        } finally {
            disconnect();
        }
    }

    private List<ObjectNode> events(String stream) {
        List<ObjectNode> events = new ArrayList<>();
        int size = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(40);
        while (events.size() < size) {
            if (stream.equals(Sample.CLICKSTREAM)) {
                events.add(sample.click());
            } else if (newest.isEmpty() || random.nextInt(3) == 0) {
                newest.add(sample.booking());
                events.add(newest.getLast());
            } else {
                int which = random.nextInt(newest.size());
                newest.set(which, sample.update(newest.get(which)));
                events.add(newest.get(which));
            }
        }
        return events;
    }

    /** @return whether the app took responsibility for the events */
    private boolean post(String stream, List<ObjectNode> events) throws InterruptedException {
        byte[] body = text(events).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try {
            // Single ones as JSON, so that they may share a message with those of other clients.
            String type = events.size() == 1 ? "application/json" : "application/x-ndjson";
            Http.Answer answer = wadi.http().post("/api/events/" + stream, type, body);
            if (answer.status() == 202) {
                ledger.acknowledged(events);
                return true;
            }
            if ((answer.status() == 429 || answer.status() == 503)
                    && answer.headers().firstValue("Retry-After").isPresent()) {
                return false;
            }
            throw new AssertionError("good events were answered with " + answer.status() + ": " + answer.body());
        } catch (IOException gone) {
            return false;
        }
    }

    private boolean publish(String stream, List<ObjectNode> events) throws InterruptedException {
        try {
            AmqpDoor door = amqp == null ? new AmqpDoor(wadi.embeddedAmqp()) : amqp;
            amqp = door;
            if (random.nextBoolean()) {
                door.publish(stream, "application/x-ndjson", bytes(text(events)));
            } else {
                for (ObjectNode event : events) {
                    door.publish(stream, "application/json", bytes(event.toString()));
                }
            }
            door.confirm();
            ledger.acknowledged(events);
            return true;
        } catch (IOException | TimeoutException | com.rabbitmq.client.ShutdownSignalException gone) {
            disconnect();
            return false;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String text(List<ObjectNode> events) {
        return events.stream().map(ObjectNode::toString).collect(Collectors.joining("\n"));
    }

    private void disconnect() {
        if (amqp != null) {
            amqp.close();
            amqp = null;
        }
    }

    /** Lets the batch in hand end, and says what went wrong, if anything did. */
    void finish() throws InterruptedException {
        stopping = true;
        thread.join(60_000);
        Throwable thrown = fault.get();
        if (thrown != null) {
            throw new AssertionError("the load ended early", thrown);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join(10_000);
    }
}
