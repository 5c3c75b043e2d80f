package dev.wadi.route;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.TrafficListener;
import dev.wadi.route.BrokerUnavailableException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes persistent, mandatory messages and tells of each whether the broker has it. Success is told after the
 * broker's confirm and never without it. Thread-safe; publishes on the calling thread.
 */
final class ConfirmingPublisher implements BrokerLink.Owner, AutoCloseable {
    /** Bytes in a short string of AMQP. */
    private static final int SHORT = 255;

    private final RabbitMqSettings settings;
    private final BrokerLink link;
    /**
     * Tells of confirms. Not the connection's reading thread: a route that goes on after a confirm may wait for room to
     * publish, and room comes from reading.
     */
    private final ScheduledExecutorService telling;

    /** Guards the order of sequence numbers on the wire. Never held while a confirm is handled. */
    private final ReentrantLock publishing = new ReentrantLock();

    /**
     * Whether the broker asked, by channel.flow, to wait: a queue is full. The client's own answer is to hold publishing
     * threads for as long as that lasts.
     */
    private volatile boolean waiting;

    private volatile @Nullable Session session;

    /** A channel and what was published on it. */
    private static final class Session {
        private final Channel channel;
        private final Unconfirmed unconfirmed;
        private volatile @Nullable String blocked;

        Session(Channel channel, Unconfirmed unconfirmed) {
            this.channel = channel;
            this.unconfirmed = unconfirmed;
        }
    }

    ConfirmingPublisher(ConnectionFactory factory, String name, RabbitMqSettings settings) {
        this.settings = settings;
        ConnectionFactory own = factory.clone();
        own.setTrafficListener(new FlowWatch());
        this.link = new BrokerLink(own, name, this);
        this.telling = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("rabbitmq " + name).daemon().factory());
    }

    void open(Duration patience) {
        telling.scheduleWithFixedDelay(this::expire, 1, 1, TimeUnit.SECONDS);
        link.open(patience);
    }

    BrokerLink link() {
        return link;
    }

    /** Why messages are not taken at the moment; null when they are. */
    @Nullable
    String problem() {
        Session now = session;
        return now != null && now.blocked != null ? blockedText(now.blocked) : link.problem();
    }

    /**
     * Publishes, waiting at most {@code publishWait} for room. One thread may be held longer: the one whose message meets
     * a full queue first.
     *
     * @param properties with a message id
     * @param done hears null once the broker has confirmed, else why it did not, on a thread of this publisher
     * @throws BrokerUnavailableException when it cannot be sent at all; then {@code done} hears nothing
     * @throws IllegalArgumentException when AMQP has no room for the key, the id or the content type
     */
    void publish(
            String routingKey,
            BasicProperties properties,
            byte[] body,
            Consumer<@Nullable BrokerUnavailableException> done)
            throws InterruptedException {
        Session now = session;
        if (now == null) {
            throw disconnected(String.valueOf(link.problem()));
        }
        String blocked = now.blocked;
        if (blocked != null) {
            throw new BrokerUnavailableException(Reason.BLOCKED, blockedText(blocked));
        }
        if (waiting) {
            throw asksToWait();
        }
        requireShort("routing key", routingKey);
        requireShort("message id", properties.getMessageId());
        requireShort("content type", properties.getContentType());
        Unconfirmed.Message message = new Unconfirmed.Message(properties.getMessageId(), routingKey, body.length, done);
        if (!now.unconfirmed.awaitRoom(body.length, settings.publishWait().toNanos())) {
            throw new BrokerUnavailableException(
                    Reason.OVERLOADED,
                    "too many messages wait for the broker's confirm (maxUnconfirmed=%d, maxUnconfirmedBytes=%d): send slower"
                            .formatted(settings.maxUnconfirmed(), settings.maxUnconfirmedBytes()));
        }
        if (!publishing.tryLock(settings.publishWait().toNanos(), TimeUnit.NANOSECONDS)) {
            throw asksToWait();
        }
        try {
            send(now, message, routingKey, properties, body);
        } finally {
            publishing.unlock();
        }
    }

    private void send(
            Session now, Unconfirmed.Message message, String routingKey, BasicProperties properties, byte[] body) {
        if (session != now) {
            throw disconnected("the connection was lost");
        }
        long sequence = now.channel.getNextPublishSeqNo();
        now.unconfirmed.add(sequence, message);
        try {
            now.channel.basicPublish(settings.exchangeName(), routingKey, true, properties, body);
        } catch (IOException | RuntimeException e) {
            // The client may have counted a message that the broker never saw. From then on every confirm would be
            // taken for that of another message.
            boolean untold = !now.unconfirmed.confirmed(sequence, false, null).isEmpty();
            if (now.channel.isOpen()) {
                link.restart("publishing failed: " + RouteException.text(e));
            }
            if (untold) {
                throw disconnected(RouteException.text(e));
            }
        }
    }

    @Override
    public Channel open(Connection connection) throws IOException {
        waiting = false;
        Channel channel = connection.createChannel();
        Topology.declare(channel, settings);
        channel.confirmSelect();
        Session opened =
                new Session(channel, new Unconfirmed(settings.maxUnconfirmed(), settings.maxUnconfirmedBytes()));
        channel.addReturnListener(returned -> opened.unconfirmed.returned(
                returned.getProperties().getMessageId(), returned.getRoutingKey(), returned.getReplyText()));
        channel.addConfirmListener(new ConfirmListener() {
            @Override
            public void handleAck(long sequence, boolean multiple) {
                tell(opened.unconfirmed.confirmed(sequence, multiple, null));
            }

            @Override
            public void handleNack(long sequence, boolean multiple) {
                tell(opened.unconfirmed.confirmed(
                        sequence,
                        multiple,
                        new BrokerUnavailableException(
                                Reason.REFUSED,
                                "the broker refused the message for exchange '%s': is a queue bound for its routing key,"
                                                .formatted(settings.exchange())
                                        + " and is there room in it? Its log says why")));
            }
        });
        connection.addBlockedListener(new BlockedListener() {
            @Override
            public void handleBlocked(String reason) {
                opened.blocked = reason;
            }

            @Override
            public void handleUnblocked() {
                opened.blocked = null;
            }
        });
        session = opened;
        return channel;
    }

    @Override
    public void lost(String reason) {
        Session gone = session;
        session = null;
        if (gone != null) {
            tell(gone.unconfirmed.close(new BrokerUnavailableException(
                    Reason.LOST,
                    "the connection was lost before the broker confirmed (%s): send it again".formatted(reason))));
        }
    }

    @Override
    public void close() {
        link.close();
        telling.shutdown();
    }

    private void expire() {
        Session now = session;
        if (now != null) {
            List<Unconfirmed.Message> late = now.unconfirmed.expired(
                    settings.confirmTimeout().toNanos(),
                    new BrokerUnavailableException(
                            Reason.UNCONFIRMED,
                            "the broker did not confirm within %d ms: send it again, later"
                                    .formatted(settings.confirmTimeout().toMillis())));
            late.forEach(Unconfirmed.Message::tell);
        }
    }

    private void tell(List<Unconfirmed.Message> settled) {
        if (!settled.isEmpty()) {
            telling.execute(() -> settled.forEach(Unconfirmed.Message::tell));
        }
    }

    private BrokerUnavailableException disconnected(String problem) {
        return new BrokerUnavailableException(
                Reason.DISCONNECTED, "no connection to the broker (%s): send it again, later".formatted(problem));
    }

    private static BrokerUnavailableException asksToWait() {
        return new BrokerUnavailableException(
                Reason.BLOCKED,
                "the broker asks to wait, because a queue is full: send it again when its consumer has caught up");
    }

    private static void requireShort(String what, @Nullable String text) {
        if (text != null && text.getBytes(StandardCharsets.UTF_8).length > SHORT) {
            throw new IllegalArgumentException("the %s is longer than AMQP allows: write at most %d bytes, not '%s...'"
                    .formatted(what, SHORT, text.substring(0, 40)));
        }
    }

    /** Sees the broker's channel.flow; nothing else tells of it. */
    private final class FlowWatch implements TrafficListener {
        @Override
        public void write(Command outbound) {}

        @Override
        public void read(Command inbound) {
            if (inbound.getMethod() instanceof AMQP.Channel.Flow flow) {
                waiting = !flow.getActive();
            }
        }
    }

    private static String blockedText(String reason) {
        return "the broker takes no messages at the moment (%s): free its memory or disk".formatted(reason);
    }
}
