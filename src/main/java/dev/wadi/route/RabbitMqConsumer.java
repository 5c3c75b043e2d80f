package dev.wadi.route;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: rabbitmq:}. Hands each message to the route as it comes, and acknowledges it when its exchange is
 * complete, in whatever order that happens. A failed exchange goes back to the queue after a pause.
 */
final class RabbitMqConsumer extends DefaultConsumer implements Suspendable, BrokerLink.Owner, Lag.Known {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitMqConsumer.class);
    /** Camel has waited for the exchanges before it stops a consumer; this is for those that end this very moment. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);

    private final RabbitMqEndpoint endpoint;
    private final RabbitMqSettings settings;
    private final String queue;
    private final String source;
    private final Complaint failures = new Complaint(LOG, Duration.ofMinutes(1));

    private @Nullable BrokerLink link;
    private @Nullable ScheduledExecutorService clock;
    private volatile @Nullable Subscription subscription;
    /** While true, what is delivered goes back unseen. */
    private volatile boolean draining;

    RabbitMqConsumer(RabbitMqEndpoint endpoint, String queue, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.settings = endpoint.settings();
        this.queue = queue;
        this.source = RabbitMqMessage.source(queue);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        draining = false;
        ScheduledExecutorService ticking = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("rabbitmq ack " + queue).daemon().factory());
        clock = ticking;
        long delay = settings.ackDelay().toMillis();
        ticking.scheduleWithFixedDelay(this::tick, delay, delay, TimeUnit.MILLISECONDS);
        BrokerLink opening = new BrokerLink(endpoint.component().factory(), "from " + queue, this);
        link = opening;
        Duration patience = endpoint.component().patience();
        endpoint.component().opened(opening.name(), opening::problem);
        opening.open(patience);
    }

    @Override
    protected void doSuspend() {
        draining = true;
        Subscription now = subscription;
        if (now != null) {
            now.cancel();
        }
    }

    @Override
    protected void doResume() throws Exception {
        draining = false;
        Subscription now = subscription;
        if (now != null) {
            now.subscribe();
        }
    }

    @Override
    protected void doStop() throws Exception {
        doSuspend();
        Subscription last = subscription;
        if (last != null) {
            last.drain(LAST_WAIT);
        }
        BrokerLink closing = link;
        if (closing != null) {
            closing.close();
            endpoint.component().closed(closing.name());
        }
        if (clock != null) {
            clock.shutdownNow();
        }
        super.doStop();
    }

    @Override
    public Channel open(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        Topology.declare(channel, settings);
        channel.basicQos(settings.prefetch());
        Subscription opened = new Subscription(channel, new AckWindow(channel, settings.ackEvery()));
        subscription = opened;
        if (!draining) {
            opened.subscribe();
        }
        return channel;
    }

    @Override
    public void lost(String reason) {
        subscription = null;
    }

    /** Messages in the queue that were not delivered yet; null without a connection. */
    @Override
    public @Nullable Lag lag() {
        Subscription now = subscription;
        return now == null ? null : now.lag();
    }

    private void tick() {
        Subscription now = subscription;
        if (now != null) {
            now.window.tick();
        }
    }

    /** Deliveries of one channel. Exchanges keep theirs, so that none is acknowledged on a later channel. */
    private final class Subscription extends com.rabbitmq.client.DefaultConsumer {
        private final Channel channel;
        private final AckWindow window;
        private boolean subscribed;

        Subscription(Channel channel, AckWindow window) {
            super(channel);
            this.channel = channel;
            this.window = window;
        }

        /** On a channel of its own: an answer on this one is behind all deliveries. */
        @Nullable
        Lag lag() {
            try (Channel asking = channel.getConnection().createChannel()) {
                return new Lag(asking.messageCount(queue), "messages");
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                LOG.debug("{}: the broker does not say what waits", queue, e);
                return null;
            }
        }

        synchronized void subscribe() throws IOException {
            if (!subscribed) {
                subscribed = true;
                channel.basicConsume(queue, false, this);
            }
        }

        /** Asks for no more messages, without waiting for the answer: it may be behind many deliveries. */
        synchronized void cancel() {
            String tag = getConsumerTag();
            if (!subscribed || tag == null || !channel.isOpen()) {
                return;
            }
            subscribed = false;
            try {
                channel.asyncCompletableRpc(
                        new AMQP.Basic.Cancel.Builder().consumerTag(tag).build());
            } catch (IOException | ShutdownSignalException e) {
                LOG.debug("{}: the channel was gone before the consumer was cancelled", queue, e);
            }
        }

        /** Camel interrupts a stop that takes long; then this does not wait, but does the rest. */
        void drain(Duration patience) {
            long deadline = System.nanoTime() + patience.toNanos();
            try {
                while (window.open() > 0 && System.nanoTime() < deadline) {
                    Thread.sleep(5);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (window.open() > 0) {
                LOG.warn("{}: {} messages were not finished and go back to the queue", queue, window.open());
            }
            window.tick();
        }

        @Override
        public void handleDelivery(
                String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            AckWindow.Slot slot = window.delivered(envelope.getDeliveryTag());
            if (draining) {
                window.giveBack(slot);
                return;
            }
            Exchange exchange = createExchange(false);
            exchange.setIn(new RabbitMqMessage(exchange, queue, source, envelope, properties, body));
            getAsyncProcessor().process(exchange, synchronously -> done(exchange, slot));
        }

        @Override
        public void handleCancel(String consumerTag) {
            BrokerLink broken = link;
            if (broken != null) {
                broken.restart("the broker cancelled the consumer; was the queue deleted?");
            }
        }

        private void done(Exchange exchange, AckWindow.Slot slot) {
            boolean completed = !exchange.isFailed() && !exchange.isRollbackOnly();
            if (completed) {
                window.completed(slot);
                failures.over("%s: messages get through again".formatted(queue));
            } else {
                failures.say(
                        "%s: a message failed and goes back to the queue".formatted(queue), exchange.getException());
                later(() -> window.giveBack(slot));
            }
            releaseExchange(exchange, false);
        }

        private void later(Runnable task) {
            ScheduledExecutorService ticking = clock;
            try {
                if (ticking != null) {
                    ticking.schedule(task, settings.retryDelay().toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (RejectedExecutionException e) {
                LOG.debug("{}: stopping; the broker takes the message back with the channel", queue);
            }
        }
    }
}
