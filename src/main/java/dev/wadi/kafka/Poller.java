package dev.wadi.kafka;

import dev.wadi.route.Backoff;
import dev.wadi.route.Complaint;
import dev.wadi.route.DeltaHeaders;
import dev.wadi.route.RouteException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group, on a thread of its own: takes records, hands each to the route, and commits the offsets of
 * those that are done with it. With {@code batching=true} it hands over what a poll brought of a partition as a list.
 *
 * <p>Many records are on their way at once, because a commit of a table serves thousands. When they are too many the
 * partitions are paused: the poller goes on to poll, so that the group does not take it for dead. A record that fails is
 * kept and tried again, and the offset of its partition waits for it.
 */
final class Poller implements ConsumerRebalanceListener, AutoCloseable {
    /** Records on their way at which no more are taken: two batches of an intake, one being merged while the next fills. */
    static final int MOST_RECORDS = 40_000;

    private static final long MOST_BYTES = 32L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration COMMIT_EVERY = Duration.ofMillis(100);
    /** While something is on its way, so that its offset is soon committed. */
    private static final Duration SHORT_POLL = Duration.ofMillis(20);

    private static final Duration IDLE_POLL = Duration.ofMillis(500);
    /** How long a partition that is given to another member waits for its records; those left over come again there. */
    private static final Duration HAND_OVER = Duration.ofSeconds(5);
    /** Camel has waited for the exchanges before it stops a consumer; this is for those that end this very moment. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);

    private final String name;
    private final DoorConsumer owner;
    private final KafkaConfiguration options;
    private final Connection connection;
    private final RecordFormat format;
    private final Complaint failures = new Complaint(LOG, Duration.ofMinutes(1));
    private final Complaint commits = new Complaint(LOG, Duration.ofMinutes(1));
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final Map<TopicPartition, OffsetWindow> windows = new HashMap<>();
    private final ConcurrentLinkedQueue<Failed> failed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger records = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean draining;
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private long committedAt = System.nanoTime();
    private long lookedAt = System.nanoTime();

    /** @param at when it failed, by the clock of {@link System#nanoTime} */
    private record Failed(OffsetWindow.Slot slot, long at) {}

    Poller(String name, DoorConsumer owner) {
        this.name = name;
        this.owner = owner;
        this.options = owner.getEndpoint().getConfiguration();
        this.format = RecordFormat.of(owner.getEndpoint());
        this.connection = new Connection(
                name, options.getBrokers(), Duration.ofMillis(2L * options.getHeartbeatIntervalMs() + 1_000));
        this.thread = Thread.ofPlatform().name("kafka " + name).daemon().unstarted(this::run);
    }

    String name() {
        return name;
    }

    Connection.State state() {
        return connection.state();
    }

    void start() {
        thread.start();
    }

    /** While true no more records are taken; those on their way end, and their offsets are committed. */
    void drain(boolean drain) {
        draining = drain;
    }

    void askToStop() {
        closing.countDown();
    }

    @Override
    public void close() {
        askToStop();
        try {
            thread.join(LAST_WAIT.plus(HAND_OVER).toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(LAST_WAIT.toMillis());
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));
        while (!isClosing()) {
            try (Consumer<byte[], byte[]> consumer = client()) {
                current = consumer;
                connection.opened(consumer);
                subscribe(consumer);
                while (!isClosing()) {
                    round(consumer);
                    if (connection.state().problem() == null) {
                        backoff.reset();
                    }
                }
            } catch (InterruptException e) {
                return;
            } catch (KafkaException | IllegalStateException e) {
                connection.lost("Kafka at %s: %s".formatted(options.getBrokers(), innermost(e)));
            } finally {
                current = null;
                onPartitionsLost(List.copyOf(windows.keySet()));
            }
            pause(backoff.next());
        }
    }

    private Consumer<byte[], byte[]> client() {
        Properties properties = options.createConsumerProperties();
        owner.getEndpoint().updateClassProperties(properties);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, options.getBrokers());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, options.getGroupId());
        if (options.getGroupInstanceId() != null) {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, options.getGroupInstanceId());
        }
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return new Client(properties);
    }

    /** Leaving the group on close must not take long when the brokers are away. */
    private static final class Client extends KafkaConsumer<byte[], byte[]> {
        Client(Properties properties) {
            super(properties);
        }

        @Override
        public void close() {
            close(org.apache.kafka.clients.consumer.CloseOptions.timeout(LAST_WAIT));
        }
    }

    private void subscribe(Consumer<byte[], byte[]> consumer) {
        if (options.isTopicIsPattern()) {
            consumer.subscribe(Pattern.compile(options.getTopic()), this);
        } else {
            consumer.subscribe(List.of(options.getTopic().split("\\s*,\\s*")), this);
        }
    }

    private void round(Consumer<byte[], byte[]> consumer) {
        rest(consumer);
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(isIdle() ? IDLE_POLL : SHORT_POLL);
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> entries = polled.records(partition);
            if (options.isBatching()) {
                take(partition, entries);
            } else {
                entries.forEach(entry -> take(partition, List.of(entry)));
            }
        }
        tryAgain();
        if (passed(committedAt, COMMIT_EVERY)) {
            committedAt = System.nanoTime();
            commit(consumer);
        }
        if (passed(lookedAt, IDLE_POLL)) {
            lookedAt = System.nanoTime();
            connection.look(windows.size(), lag(consumer));
        }
    }

    /** Takes no more while there is no room; of a partition whose order counts, while what came before is on its way. */
    private void rest(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> resting = new HashSet<>(consumer.assignment());
        if (!isFull()) {
            resting.removeIf(partition -> !owner.getEndpoint().carriesChanges() || !isUnderWay(partition));
        }
        Set<TopicPartition> rested = new HashSet<>(consumer.paused());
        rested.removeAll(resting);
        consumer.resume(rested);
        consumer.pause(resting);
    }

    private boolean isFull() {
        return draining || records.get() >= MOST_RECORDS || bytes.get() >= MOST_BYTES;
    }

    private boolean isIdle() {
        return records.get() == 0 && windows.values().stream().noneMatch(OffsetWindow::isOpen) && !draining;
    }

    /** Takes records of one partition that one exchange is to carry. */
    private void take(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> entries) {
        OffsetWindow.Slot slot =
                windows.computeIfAbsent(partition, each -> new OffsetWindow()).opened(entries);
        records.addAndGet(entries.size());
        bytes.addAndGet(size(slot));
        hand(slot);
    }

    /** Hands records to the route, which may make this thread wait for room. */
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

    private void tryAgain() {
        for (Failed head = failed.peek(); head != null && passed(head.at(), RETRY); head = failed.peek()) {
            failed.remove();
            if (head.slot().window.isClosed()) {
                release(head.slot());
            } else {
                hand(head.slot());
            }
        }
    }

    private void commit(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> due = due(windows.keySet());
        if (!due.isEmpty()) {
            consumer.commitAsync(due, (offsets, failure) -> {
                if (failure == null) {
                    commits.over("%s: offsets are committed again".formatted(name));
                } else {
                    notCommitted(offsets.keySet(), failure);
                }
            });
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> due(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetWindow window = windows.get(partition);
            OffsetAndMetadata offset = window == null ? null : window.due();
            if (offset != null) {
                due.put(partition, offset);
            }
        }
        return due;
    }

    private void notCommitted(Collection<TopicPartition> partitions, Exception why) {
        for (TopicPartition partition : partitions) {
            OffsetWindow window = windows.get(partition);
            if (window != null) {
                window.notCommitted();
            }
        }
        if (!isClosing()) {
            commits.say("%s: offsets were not committed; the records may come again".formatted(name), why);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            windows.put(partition, new OffsetWindow());
        }
    }

    /** The next member begins at the committed offset: what is under way should be in it. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        long until = System.nanoTime() + (isClosing() ? LAST_WAIT : HAND_OVER).toNanos();
        while (System.nanoTime() < until && partitions.stream().anyMatch(this::isUnderWay)) {
            pause(Duration.ofMillis(2));
        }
        Map<TopicPartition, OffsetAndMetadata> due = due(partitions);
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null && !due.isEmpty()) {
            try {
                consumer.commitSync(due, HAND_OVER);
            } catch (KafkaException e) {
                notCommitted(due.keySet(), e);
            }
        }
        onPartitionsLost(partitions);
    }

    private boolean isUnderWay(TopicPartition partition) {
        OffsetWindow window = windows.get(partition);
        return window != null && window.isOpen();
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OffsetWindow window = windows.remove(partition);
            if (window != null) {
                window.close();
            }
        }
    }

    private static long lag(Consumer<byte[], byte[]> consumer) {
        return consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    private void pause(Duration time) {
        try {
            if (time.toMillis() < 10) {
                Thread.sleep(time);
            } else {
                closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean passed(long since, Duration time) {
        return System.nanoTime() - since >= time.toNanos();
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return RouteException.text(cause);
    }
}
