package dev.wadi.route;

import dev.wadi.merge.Reading;
import dev.wadi.merge.Watermark;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of one {@link Reading} that are under way: at most so many at a time, and no more after the first that fails.
 * The one thread that reads the source uses it.
 */
public final class Flight {
    private final DefaultConsumer consumer;
    private final Reading reading;
    private final int most;
    private final Semaphore room;
    private volatile @Nullable Throwable failure;

    /** @param most exchanges at a time */
    public Flight(DefaultConsumer consumer, Reading reading, int most) {
        this.consumer = consumer;
        this.reading = reading;
        this.most = most;
        this.room = new Semaphore(most);
    }

    /** An exchange that did not complete: the reading is over. */
    public static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(Throwable cause) {
            super(RouteException.text(cause), cause);
        }
    }

    /**
     * Starts the exchange of one event, JSON; waits while too many are under way.
     *
     * @param event of no bytes to commit a watermark alone
     * @param source as in {@link DeltaHeaders#SOURCE}
     * @param watermark true once this event and all before it are committed; null for an event after which nobody can go on
     * @throws Failed when an earlier one failed
     */
    public void send(byte[] event, String source, String position, @Nullable String watermark)
            throws Failed, InterruptedException {
        room.acquire();
        if (failure != null) {
            room.release();
            check();
        }
        Exchange exchange = consumer.createExchange(false);
        Message message = exchange.getIn();
        message.setBody(event);
        message.setHeader(Exchange.CONTENT_TYPE, event.length == 0 ? "application/x-ndjson" : "application/json");
        message.setHeader(DeltaHeaders.SOURCE, source);
        message.setHeader(DeltaHeaders.POSITION, position);
        if (watermark != null) {
            message.setHeader(DeltaHeaders.WATERMARK, new Watermark(reading, watermark));
        }
        consumer.getAsyncProcessor().process(exchange, synchronously -> done(exchange));
    }

    private void done(Exchange exchange) {
        if (exchange.isFailed() || exchange.isRollbackOnly()) {
            reading.breakOff();
            if (failure == null) {
                Exception cause = exchange.getException();
                failure = cause == null ? new IllegalStateException("the exchange was rolled back") : cause;
            }
        }
        consumer.releaseExchange(exchange, false);
        room.release();
    }

    /**
     * Waits until none is under way.
     *
     * @throws Failed when one of them failed
     */
    public void land() throws Failed, InterruptedException {
        room.acquire(most);
        room.release(most);
        check();
    }

    /** How many are under way. */
    public int aloft() {
        return most - room.availablePermits();
    }

    /** @throws Failed when one of them failed */
    public void check() throws Failed {
        Throwable cause = failure;
        if (cause != null) {
            throw new Failed(cause);
        }
    }
}
