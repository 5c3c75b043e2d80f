package dev.wadi.generator;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** The exchange {@code events}: a persistent message an event, confirmed by the broker. */
final class RabbitMqTarget implements Target {
    private static final String EXCHANGE = "events";
    private static final int PERSISTENT = 2;
    private static final int UNCONFIRMED = 5_000;
    private static final int PATIENCE_MILLIS = 120_000;

    private static final BasicProperties PROPERTIES = new BasicProperties.Builder()
            .contentType("application/json")
            .deliveryMode(PERSISTENT)
            .build();

    private final Connection connection;
    private final Channel channel;
    private final String routingKey;
    private final AtomicLong returned = new AtomicLong();
    private int unconfirmed;

    /** @param uri such as {@code amqp://guest:guest@127.0.0.1:5672} */
    RabbitMqTarget(String uri, SyntheticStream stream) throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        try {
            factory.setUri(uri);
            // a new connection would not know what the old one had left unconfirmed
            factory.setAutomaticRecoveryEnabled(false);
            connection = factory.newConnection("wadi generate");
        } catch (IOException | TimeoutException e) {
            throw new IOException(
                    "There is no broker at %s (%s): start Wadi with `make run`, or say where it is with --at amqp://user:password@host:port"
                            .formatted(factory.getHost() + ":" + factory.getPort(), e),
                    e);
        } catch (java.security.GeneralSecurityException | java.net.URISyntaxException e) {
            throw new IllegalArgumentException(
                    "--at %s is no address of a broker: write amqp://user:password@host:port".formatted(uri), e);
        }
        routingKey = stream.toString();
        channel = connection.createChannel();
        channel.exchangeDeclare(EXCHANGE, "topic", true);
        channel.addReturnListener(message -> returned.incrementAndGet());
        channel.confirmSelect();
    }

    @Override
    public void send(String text) throws IOException {
        channel.basicPublish(EXCHANGE, routingKey, true, PROPERTIES, text.getBytes(StandardCharsets.UTF_8));
        if (++unconfirmed == UNCONFIRMED) {
            finish();
        }
    }

    @Override
    public void finish() throws IOException {
        try {
            channel.waitForConfirmsOrDie(PATIENCE_MILLIS);
        } catch (TimeoutException e) {
            throw new IOException("The broker did not confirm within %d s".formatted(PATIENCE_MILLIS / 1_000), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        unconfirmed = 0;
        if (returned.get() > 0) {
            throw new IOException(
                    "%d messages came back: no queue is bound to the exchange '%s' for '%s'. Start Wadi once, it declares them"
                            .formatted(returned.get(), EXCHANGE, routingKey));
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    @Override
    public String toString() {
        return "rabbitmq";
    }
}
