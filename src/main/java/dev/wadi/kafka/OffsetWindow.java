package dev.wadi.kafka;

import java.util.ArrayDeque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that are not committed yet, oldest first. An offset may be committed when its record and all
 * before it are done, in whatever order that happened. For the poller's thread, but for {@link Slot#done}.
 */
final class OffsetWindow {
    /** Records that are on their way together, at least one. */
    static final class Slot {
        final List<ConsumerRecord<byte[], byte[]>> entries;
        final OffsetWindow window;
        private volatile boolean done;

        private Slot(List<ConsumerRecord<byte[], byte[]>> entries, OffsetWindow window) {
            this.entries = entries;
            this.window = window;
        }

        /** The records need no redelivery. From any thread. */
        void done() {
            done = true;
        }
    }

    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private @Nullable OffsetAndMetadata reached;
    private long asked = -1;
    private boolean closed;

    /** Opens a slot; offsets come in order. */
    Slot opened(List<ConsumerRecord<byte[], byte[]>> entries) {
        Slot slot = new Slot(entries, this);
        slots.addLast(slot);
        return slot;
    }

    /** Whether a record is on its way. */
    boolean isOpen() {
        advance();
        return !slots.isEmpty();
    }

    /** Where to go on after what is done; null when that was asked to be committed already. */
    @Nullable
    OffsetAndMetadata due() {
        advance();
        if (reached == null || reached.offset() == asked) {
            return null;
        }
        asked = reached.offset();
        return reached;
    }

    /** The commit did not succeed: it is due again. */
    void notCommitted() {
        asked = -1;
    }

    /** The partition is someone else's: its records are tried no more. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    private void advance() {
        for (Slot head = slots.peekFirst(); head != null && head.done; head = slots.peekFirst()) {
            slots.removeFirst();
            if (slots.isEmpty() || !slots.getFirst().done) {
                ConsumerRecord<?, ?> last = head.entries.getLast();
                reached = new OffsetAndMetadata(last.offset() + 1, last.leaderEpoch(), "");
            }
        }
    }
}
