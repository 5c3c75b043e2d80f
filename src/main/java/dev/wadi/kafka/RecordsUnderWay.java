package dev.wadi.kafka;

import dev.wadi.route.Complaint;
import dev.wadi.route.DeltaHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that the route has and is not done with, as exchanges. One that fails is kept and handed over again. For the
 * poller's thread; an exchange may end on any.
 */
final class RecordsUnderWay {
    /** At which no more are taken: two batches of an intake, one being merged while the next fills. */
    static final int MOST_RECORDS = 40_000;

    private static final long MOST_BYTES = 32L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(RecordsUnderWay.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final String name;
    private final DoorConsumer owner;
    private final KafkaConfiguration options;
    private final RecordFormat format;
    private final Complaint failures = new Complaint(LOG, Duration.ofMinutes(1));
    private final ConcurrentLinkedQueue<Failed> failed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger records = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /** @param at when it failed, by the clock of {@link System#nanoTime} */
    private record Failed(OffsetWindow.Slot slot, long at) {}

    /** @param name of the poller, for the log */
    RecordsUnderWay(String name, DoorConsumer owner) {
        this.name = name;
        this.owner = owner;
        this.options = owner.getEndpoint().getConfiguration();
        this.format = RecordFormat.of(owner.getEndpoint());
    }

    boolean areTooMany() {
        return records.get() >= MOST_RECORDS || bytes.get() >= MOST_BYTES;
    }

    int count() {
        return records.get();
    }

    boolean areNone() {
        return records.get() == 0;
    }

    /** Takes records that one exchange is to carry; may make this thread wait for room. */
    void take(OffsetWindow.Slot slot) {
        records.addAndGet(slot.entries.size());
        bytes.addAndGet(size(slot));
        hand(slot);
    }

    /** Hands over again what failed a while ago, unless its partition is someone else's by now. */
    void tryAgain() {
        for (Failed head = failed.peek(); head != null && isDue(head); head = failed.peek()) {
            failed.remove();
            if (head.slot().window.isClosed()) {
                release(head.slot());
            } else {
                hand(head.slot());
            }
        }
    }

    private static boolean isDue(Failed failure) {
        return System.nanoTime() - failure.at() >= RETRY.toNanos();
    }

    private void hand(OffsetWindow.Slot slot) {
        Exchange exchange = owner.createExchange(false);
        try {
            if (options.isBatching()) {
                List<Exchange> batch = new ArrayList<>(slot.entries.size());
                for (ConsumerRecord<byte[], byte[]> entry : slot.entries) {
                    Exchange each = DefaultExchange.newFromEndpoint(owner.getEndpoint());
                    if (fill(each, entry)) {
                        batch.add(each);
                    }
                }
                exchange.getIn().setBody(batch);
                if (batch.isEmpty()) {
                    done(exchange, slot);
                    return;
                }
            } else if (!fill(exchange, slot.entries.getFirst())) {
                done(exchange, slot);
                return;
            }
        } catch (RegistryException e) {
            exchange.setException(e);
            done(exchange, slot);
            return;
        }
        owner.getAsyncProcessor().process(exchange, synchronously -> done(exchange, slot));
    }

    /**
     * @return false when the record says nothing
     * @throws RegistryException when the record cannot be read now
     */
    private boolean fill(Exchange exchange, ConsumerRecord<byte[], byte[]> entry) {
        try {
            RecordFormat.Seen seen = format.read(entry);
            if (seen == null) {
                return false;
            }
            exchange.setIn(new DoorMessage(exchange, entry, options, seen));
        } catch (PoisonException e) {
            byte[] shown = Base64.getEncoder().encode(entry.value());
            exchange.setIn(new DoorMessage(exchange, entry, options, RecordFormat.Seen.of(shown)));
            exchange.getIn().setHeader(DeltaHeaders.REFUSAL, "The record is " + e.getMessage() + ".");
        }
        return true;
    }

    private void done(Exchange exchange, OffsetWindow.Slot slot) {
        if (exchange.isFailed() || exchange.isRollbackOnly()) {
            failures.say("%s: a record failed and is tried again".formatted(name), exchange.getException());
            failed.add(new Failed(slot, System.nanoTime()));
        } else {
            slot.done();
            release(slot);
            failures.over("%s: records get through again".formatted(name));
        }
        owner.releaseExchange(exchange, false);
    }

    private void release(OffsetWindow.Slot slot) {
        records.addAndGet(-slot.entries.size());
        bytes.addAndGet(-size(slot));
    }

    private static long size(OffsetWindow.Slot slot) {
        long size = 0;
        for (ConsumerRecord<byte[], byte[]> entry : slot.entries) {
            size += Math.max(0, entry.serializedKeySize()) + Math.max(0, entry.serializedValueSize());
        }
        return size;
    }
}
