package dev.wadi.route;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection with one channel for one end of a route, made again with growing pauses whenever it is lost.
 *
 * <p>Each end has its own, because a broker that is short of memory stops reading from connections that publish:
 * acknowledgements on the same connection would wait with them. The client's own recovery is off, because it would
 * carry delivery tags of a lost channel over to the new one.
 */
final class BrokerLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerLink.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int CLOSE_MILLIS = 2_000;

    /** Who uses the link. Both methods are called on the link's thread, in turns. */
    interface Owner {
        /**
         * Opens and sets up a channel.
         *
         * @throws IOException when the broker does not allow it; the link makes a new connection later
         */
        Channel open(Connection connection) throws IOException;

        /** The channel is gone for good. Not called when {@link #open} failed. */
        void lost(String reason);
    }

    private final ConnectionFactory factory;
    private final String name;
    private final Owner owner;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch firstOpen = new CountDownLatch(1);
    private final Thread thread;
    /** Runs what the channel delivers; one thread, so in order. */
    private final ExecutorService deliveries;

    /** The reason that was logged last, so that a long outage is told once. For the link's thread. */
    private String said = "";

    private volatile @Nullable String problem = "not connected yet";
    private volatile @Nullable Connection current;

    BrokerLink(ConnectionFactory factory, String name, Owner owner) {
        this.factory = factory;
        this.name = name;
        this.owner = owner;
        this.thread = Thread.ofPlatform().name("rabbitmq " + name).daemon().unstarted(this::run);
        this.deliveries = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("rabbitmq " + name + " in").daemon().factory());
    }

    /** Starts connecting, and waits a while for success: a broker that comes later is no error. */
    void open(Duration patience) {
        thread.start();
        try {
            if (!firstOpen.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{}: no broker yet ({}); going on, and trying again until there is one", name, problem);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String name() {
        return name;
    }

    /** What is wrong; null while connected. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Gives the connection up and makes a new one. What is not acknowledged goes back to its queue. */
    void restart(String reason) {
        LOG.warn("{}: connecting anew: {}", name, reason);
        Connection connection = current;
        if (connection != null) {
            connection.abort(CLOSE_MILLIS);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        Connection connection = current;
        if (connection != null) {
            try {
                connection.close(CLOSE_MILLIS);
            } catch (IOException | ShutdownSignalException e) {
                LOG.debug("{}: the connection was gone before it was closed", name, e);
            }
        }
        deliveries.shutdown();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean closing() {
        return closing.getCount() == 0;
    }

    private void run() {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        while (!closing()) {
            String reason = connectAndStay(backoff);
            if (!closing() && !reason.equals(said)) {
                LOG.warn("{}: {}. Trying again", name, reason);
                said = reason;
            }
            try {
                if (closing.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Returns why the connection ended or did not come about. */
    private String connectAndStay(Backoff backoff) {
        Connection connection = null;
        boolean opened = false;
        String reason = "closed";
        try {
            connection = factory.newConnection(deliveries, "wadi " + name);
            current = connection;
            Channel channel = owner.open(connection);
            opened = true;
            CountDownLatch gone = new CountDownLatch(1);
            channel.addShutdownListener(cause -> gone.countDown());
            problem = null;
            firstOpen.countDown();
            backoff.reset();
            said = "";
            LOG.info("{}: connected", name);
            if (closing()) {
                connection.abort(CLOSE_MILLIS);
            }
            gone.await();
            reason = describe(channel.getCloseReason());
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            reason = describe(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            current = null;
            problem = reason;
            if (connection != null) {
                connection.abort(CLOSE_MILLIS);
            }
            if (opened) {
                owner.lost(reason);
            }
        }
        return reason;
    }

    private String describe(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof ShutdownSignalException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause instanceof ShutdownSignalException signal
                ? String.valueOf(signal.getReason() == null ? signal.getMessage() : text(signal))
                : String.valueOf(cause.getMessage());
        if (message.contains("PRECONDITION_FAILED")) {
            return message + ": it exists with other arguments; delete it, or write declare=false to use it as it is";
        }
        return "broker at %s:%d: %s".formatted(factory.getHost(), factory.getPort(), message);
    }

    private static String text(ShutdownSignalException signal) {
        return switch (signal.getReason()) {
            case com.rabbitmq.client.AMQP.Channel.Close close -> close.getReplyText();
            case com.rabbitmq.client.AMQP.Connection.Close close -> close.getReplyText();
            default -> String.valueOf(signal.getMessage());
        };
    }
}
