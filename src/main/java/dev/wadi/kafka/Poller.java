package dev.wadi.kafka;

import dev.wadi.route.Backoff;
import dev.wadi.route.Complaint;
import dev.wadi.route.RouteException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
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
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final Duration COMMIT_EVERY = Duration.ofMillis(100);
    /** While something is on its way, so that its offset is soon committed. */
    private static final Duration SHORT_POLL = Duration.ofMillis(20);

    private static final Duration IDLE_POLL = Duration.ofMillis(500);
    /** How long a partition that is given to another member waits for its records; those left over come again there. */
    private static final Duration HAND_OVER = Duration.ofSeconds(5);
    /** Camel has waited for the exchanges before it stops a consumer; this is for those that end this very moment. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);

    private final String name;
    private final DoorEndpoint endpoint;
    private final KafkaConfiguration options;
    private final Connection connection;
    private final RecordsUnderWay underWay;
    private final Complaint commits = new Complaint(LOG, Duration.ofMinutes(1));
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final OffsetWindows windows = new OffsetWindows();
    private volatile boolean draining;
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private long committedAt = System.nanoTime();
    private long lookedAt = System.nanoTime();

    Poller(String name, DoorConsumer owner) {
        this.name = name;
        this.endpoint = owner.getEndpoint();
        this.options = endpoint.getConfiguration();
        this.underWay = new RecordsUnderWay(name, owner);
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

    /** Records that are not in the table yet; null while nobody can tell. */
    @Nullable
    Long behind() {
        Connection.State now = connection.state();
        return now.problem() == null ? Long.valueOf(now.lag() + underWay.count()) : null;
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
            try (GroupClient consumer = new GroupClient(endpoint, LAST_WAIT)) {
                current = consumer;
                connection.opened(consumer);
                consumer.subscribe(this);
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
                windows.lost(windows.partitions());
            }
            pause(backoff.next());
        }
    }

    private void round(GroupClient consumer) {
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
        underWay.tryAgain();
        if (passed(committedAt, COMMIT_EVERY)) {
            committedAt = System.nanoTime();
            commit(consumer);
        }
        if (passed(lookedAt, IDLE_POLL)) {
            lookedAt = System.nanoTime();
            connection.look(windows.partitions().size(), consumer.lag());
        }
    }

    /** Takes no more while there is no room; of a partition whose order counts, while what came before is on its way. */
    private void rest(GroupClient consumer) {
        Set<TopicPartition> resting = new HashSet<>(consumer.assignment());
        if (!isFull()) {
            resting.removeIf(partition -> !endpoint.carriesChanges() || !windows.areOpen(Set.of(partition)));
        }
        Set<TopicPartition> rested = new HashSet<>(consumer.paused());
        rested.removeAll(resting);
        consumer.resume(rested);
        consumer.pause(resting);
    }

    private boolean isFull() {
        return draining || underWay.areTooMany();
    }

    private boolean isIdle() {
        return underWay.areNone() && !windows.areOpen(windows.partitions()) && !draining;
    }

    /** Takes records of one partition that one exchange is to carry. */
    private void take(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> entries) {
        underWay.take(windows.opened(partition, entries));
    }

    private void commit(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> due = windows.due(windows.partitions());
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

    private void notCommitted(Collection<TopicPartition> partitions, Exception why) {
        windows.notCommitted(partitions);
        if (!isClosing()) {
            commits.say("%s: offsets were not committed; the records may come again".formatted(name), why);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        windows.assigned(partitions);
    }

    /** The next member begins at the committed offset: what is under way should be in it. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        long until = System.nanoTime() + (isClosing() ? LAST_WAIT : HAND_OVER).toNanos();
        while (System.nanoTime() < until && windows.areOpen(partitions)) {
            pause(Duration.ofMillis(2));
        }
        Map<TopicPartition, OffsetAndMetadata> due = windows.due(partitions);
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

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        windows.lost(partitions);
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
