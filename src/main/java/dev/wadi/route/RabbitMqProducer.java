package dev.wadi.route;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** {@code to: rabbitmq:}. An exchange ends when the broker has confirmed its message, or fails saying why not. */
final class RabbitMqProducer extends DefaultAsyncProducer {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final int PERSISTENT = 2;

    private final RabbitMqEndpoint endpoint;
    private final String name;
    private final ConfirmingPublisher publisher;

    RabbitMqProducer(RabbitMqEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        RabbitMqSettings settings = endpoint.settings();
        this.name = "to %s %d".formatted(settings.exchange(), NUMBERS.incrementAndGet());
        this.publisher = new ConfirmingPublisher(endpoint.component().factory(), name, settings);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            Message message = exchange.getMessage();
            byte[] body = message.getMandatoryBody(byte[].class);
            publisher.publish(routingKey(message), properties(exchange, message), body, problem -> {
                if (problem != null) {
                    exchange.setException(problem);
                }
                callback.done(false);
            });
            return false;
        } catch (BrokerUnavailableException | IllegalArgumentException | InvalidPayloadException e) {
            exchange.setException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Duration patience = endpoint.component().patience();
        endpoint.component().opened(name, publisher::problem);
        publisher.open(patience);
    }

    @Override
    protected void doStop() throws Exception {
        publisher.close();
        endpoint.component().closed(name);
        super.doStop();
    }

    private String routingKey(Message message) {
        @Nullable String header = message.getHeader(RabbitMqMessage.ROUTING_KEY, String.class);
        if (header != null) {
            return header;
        }
        String key = endpoint.settings().routingKey();
        return key == null ? "" : key;
    }

    private static BasicProperties properties(Exchange exchange, Message message) {
        @Nullable String id = message.getHeader(RabbitMqMessage.MESSAGE_ID, String.class);
        @Nullable Long stamped = message.getHeader(Exchange.MESSAGE_TIMESTAMP, Long.class);
        long millis = stamped == null ? exchange.getClock().getCreated() : stamped;
        return new BasicProperties.Builder()
                .deliveryMode(PERSISTENT)
                .messageId(id == null ? exchange.getExchangeId() : id)
                .contentType(message.getHeader(Exchange.CONTENT_TYPE, String.class))
                .timestamp(new Date(millis))
                .headers(Map.of(RabbitMqMessage.MILLIS_HEADER, millis))
                .build();
    }
}
