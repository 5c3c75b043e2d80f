package dev.wadi.route;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deliveries of one channel that are not settled with the broker yet, oldest first.
 *
 * <p>One acknowledgement covers a whole run of completed deliveries. It names the last one of the run: naming a tag that
 * was given back is an error of the channel, and naming one beyond an open delivery would acknowledge that one too.
 * Completed deliveries behind an open one wait for the next {@link #tick} and are then acknowledged one by one.
 * Thread-safe.
 */
final class AckWindow {
    private static final Logger LOG = LoggerFactory.getLogger(AckWindow.class);
    /** A window that keeps running empty sends no more than one acknowledgement in this time. */
    private static final long EMPTY_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

    private enum State {
        OPEN,
        COMPLETED,
        SETTLED
    }

    /** One delivery. Guarded by the window. */
    static final class Slot {
        private final long tag;
        private State state = State.OPEN;

        private Slot(long tag) {
            this.tag = tag;
        }
    }

    private final Channel channel;
    private final int ackEvery;
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private int open;
    /** The last of the completed run at the head that is not acknowledged; 0 when there is none. */
    private long last;

    private int run;
    private long sentAt = System.nanoTime() - EMPTY_PAUSE;

    AckWindow(Channel channel, int ackEvery) {
        this.channel = channel;
        this.ackEvery = ackEvery;
    }

    /** Opens a slot; tags come in order. */
    synchronized Slot delivered(long tag) {
        Slot slot = new Slot(tag);
        slots.addLast(slot);
        open++;
        return slot;
    }

    /** The delivery needs no redelivery. Acknowledges now or within one tick. */
    synchronized void completed(Slot slot) {
        if (slot.state != State.OPEN) {
            return;
        }
        slot.state = State.COMPLETED;
        open--;
        advance();
        if (run >= ackEvery || (slots.isEmpty() && System.nanoTime() - sentAt >= EMPTY_PAUSE)) {
            flush();
        }
    }

    /** Puts the delivery back into its queue. */
    synchronized void giveBack(Slot slot) {
        if (slot.state != State.OPEN) {
            return;
        }
        slot.state = State.SETTLED;
        open--;
        send(() -> channel.basicNack(slot.tag, false, true));
        advance();
    }

    /** Sends what is due. Called every {@code ackDelay}. */
    synchronized void tick() {
        flush();
        if (slots.size() > open) {
            for (Slot slot : slots) {
                if (slot.state == State.COMPLETED) {
                    slot.state = State.SETTLED;
                    send(() -> channel.basicAck(slot.tag, false));
                }
            }
        }
    }

    /** Deliveries on their way. */
    synchronized int open() {
        return open;
    }

    private void advance() {
        for (Slot head = slots.peekFirst(); head != null && head.state != State.OPEN; head = slots.peekFirst()) {
            slots.removeFirst();
            if (head.state == State.COMPLETED) {
                last = head.tag;
                run++;
            }
        }
    }

    private void flush() {
        if (last == 0) {
            return;
        }
        long tag = last;
        last = 0;
        run = 0;
        sentAt = System.nanoTime();
        send(() -> channel.basicAck(tag, true));
    }

    private void send(Frame frame) {
        try {
            frame.send();
        } catch (IOException | ShutdownSignalException e) {
            // The broker gives everything that it saw no answer for to the next channel.
            LOG.debug("the channel is gone", e);
        }
    }

    @FunctionalInterface
    private interface Frame {
        void send() throws IOException;
    }
}
