package dev.wadi.bench;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The plain RabbitMQ client on a queue of its own: the ceiling that the app is compared with. */
final class RawAmqp implements AutoCloseable {
    private static final String EXCHANGE = "bench";
    static final String QUEUE = "bench.raw";
    private static final int PREFETCH = 2_000;
    private static final int ACK_EVERY = 500;

    private final Connection connection;

    RawAmqp(Connection connection) throws IOException, TimeoutException {
        this.connection = connection;
        try (Channel channel = connection.createChannel()) {
            channel.exchangeDeclare(EXCHANGE, "topic", true);
            channel.queueDeclare(QUEUE, true, false, false, Map.of());
            channel.queueBind(QUEUE, EXCHANGE, "raw");
        }
    }

    /** Events per second that are published to the queue and confirmed, with so many unconfirmed at most. */
    double publish(int count, int unconfirmed, Supplier<byte[]> body)
            throws IOException, TimeoutException, InterruptedException {
        return publish(EXCHANGE, "raw", count, unconfirmed, body);
    }

    /** Messages per second that are published persistent and confirmed, with so many unconfirmed at most. */
    double publish(String exchange, String key, int count, int unconfirmed, Supplier<byte[]> body)
            throws IOException, TimeoutException, InterruptedException {
        AMQP.BasicProperties properties = MessageProperties.PERSISTENT_BASIC
                .builder()
                .contentType("application/json")
                .build();
        try (Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            Semaphore room = new Semaphore(unconfirmed);
            Confirms confirms = new Confirms();
            channel.addConfirmListener(
                    (tag, multiple) -> room.release(confirms.fresh(tag, multiple)), (tag, multiple) -> {
                        throw new IllegalStateException("the broker refused a message");
                    });
            long before = System.nanoTime();
            for (int i = 0; i < count; i++) {
                room.acquire();
                channel.basicPublish(exchange, key, true, properties, body.get());
            }
            channel.waitForConfirmsOrDie(60_000);
            return count / ((System.nanoTime() - before) / 1e9);
        }
    }

    /** Counts confirms, which may come one by one out of order. Used by the connection's thread alone. */
    private static final class Confirms {
        private final BitSet ahead = new BitSet();
        private int below;

        /** @return messages that this confirm is the first to name */
        int fresh(long tag, boolean multiple) {
            int last = Math.toIntExact(tag);
            if (!multiple) {
                ahead.set(last);
                return 1;
            }
            int known = ahead.get(below + 1, last + 1).cardinality();
            int fresh = last - below - known;
            below = last;
            return fresh;
        }
    }

    /** Messages per second that a consumer takes from the queue, acknowledging {@link #ACK_EVERY} at once. */
    double consume(int count) throws IOException, TimeoutException, InterruptedException {
        try (Channel channel = connection.createChannel()) {
            channel.basicQos(PREFETCH);
            CountDownLatch all = new CountDownLatch(count);
            long before = System.nanoTime();
            channel.basicConsume(QUEUE, false, new DefaultConsumer(channel) {
                @Override
                public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                        throws IOException {
                    if (all.getCount() % ACK_EVERY == 1) {
                        getChannel().basicAck(envelope.getDeliveryTag(), true);
                    }
                    all.countDown();
                }
            });
            if (!all.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException(all.getCount() + " messages did not come");
            }
            return count / ((System.nanoTime() - before) / 1e9);
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
