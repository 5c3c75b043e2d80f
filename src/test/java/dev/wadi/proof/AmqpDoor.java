package dev.wadi.proof;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Publishes as any AMQP client would: persistent, with confirms, to the exchange {@code events}. Not thread-safe. */
public final class AmqpDoor implements AutoCloseable {
    private static final int CONFIRM_MILLIS = 20_000;

    private final Connection connection;
    private final Channel channel;

    public AmqpDoor(String uri) throws IOException, TimeoutException {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(uri);
        } catch (java.net.URISyntaxException | java.security.GeneralSecurityException badUri) {
            throw new IllegalArgumentException(uri, badUri);
        }
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(5_000);
        connection = factory.newConnection("wadi-proof");
        channel = connection.createChannel();
        channel.confirmSelect();
    }

    /** Sends without waiting for the confirm. */
    public void publish(String stream, String contentType, byte[] body) throws IOException {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType(contentType)
                .deliveryMode(2)
                .build();
        channel.basicPublish("events", stream, true, properties, body);
    }

    /** Waits until the broker has confirmed all that was published. */
    public void confirm() throws IOException, InterruptedException, TimeoutException {
        channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
    }

    /** What is left in the queues of the streams, for people; empty when nothing is. */
    static List<String> waiting(String uri) throws IOException, TimeoutException {
        List<String> queues = new ArrayList<>();
        try (AmqpDoor door = new AmqpDoor(uri)) {
            for (String queue : List.of("events.clickstream", "events.bookings")) {
                long messages = door.channel.messageCount(queue);
                if (messages > 0) {
                    queues.add(messages + " messages still in " + queue);
                }
            }
        }
        return queues;
    }

    public Channel channel() {
        return channel;
    }

    @Override
    public void close() {
        connection.abort(2_000);
    }
}
