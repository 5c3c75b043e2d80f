package dev.wadi.route;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** A delivered message. */
final class RabbitMqMessage extends LazyMessage {
    /** Overrides the endpoint's routing key when publishing. */
    static final String ROUTING_KEY = "CamelRabbitmqRoutingKey";

    static final String EXCHANGE_NAME = "CamelRabbitmqExchangeName";
    static final String QUEUE = "CamelRabbitmqQueue";
    /** The publisher's id of the message; kept when publishing. */
    static final String MESSAGE_ID = "CamelRabbitmqMessageId";

    static final String DELIVERY_TAG = "CamelRabbitmqDeliveryTag";
    /** Whether the broker has handed the message out before. */
    static final String REDELIVERED = "CamelRabbitmqRedeliveryTag";

    /** AMQP's own timestamp counts seconds; this header, in milliseconds, goes with it. */
    static final String MILLIS_HEADER = "timestamp_in_ms";

    /** What a message has by {@link #own} or by a route that gave it that. */
    private static final Set<String> ABSENT =
            Set.of(Exchange.CONTENT_TYPE, Exchange.MESSAGE_TIMESTAMP, DeltaHeaders.REFUSAL, DeltaHeaders.WATERMARK);

    private final String queue;
    private final String source;
    private final Envelope envelope;
    private final BasicProperties properties;

    /** @param source of the queue, see {@link #source} */
    RabbitMqMessage(
            Exchange exchange,
            String queue,
            String source,
            Envelope envelope,
            BasicProperties properties,
            byte[] body) {
        super(exchange, body);
        this.queue = queue;
        this.source = source;
        this.envelope = envelope;
        this.properties = properties;
    }

    /** What messages of a queue have as {@link DeltaHeaders#SOURCE}. */
    static String source(String queue) {
        return "rabbitmq:" + queue;
    }

    @Override
    protected @Nullable Object own(String name) {
        return switch (name) {
            case DeltaHeaders.SOURCE -> source;
            case DeltaHeaders.POSITION -> position();
            case Exchange.CONTENT_TYPE -> properties.getContentType();
            case Exchange.MESSAGE_TIMESTAMP -> timestamp();
            default -> null;
        };
    }

    @Override
    protected boolean isAbsent(String name) {
        return ABSENT.contains(name);
    }

    private String position() {
        String id = properties.getMessageId();
        return id == null ? queue + "#" + envelope.getDeliveryTag() : id;
    }

    private @Nullable Long timestamp() {
        if (properties.getHeaders() != null && properties.getHeaders().get(MILLIS_HEADER) instanceof Long millis) {
            return millis;
        }
        return properties.getTimestamp() == null
                ? null
                : (Long) properties.getTimestamp().getTime();
    }

    @Override
    protected void populateInitialHeaders(Map<String, Object> headers) {
        headers.put(QUEUE, queue);
        headers.put(ROUTING_KEY, envelope.getRoutingKey());
        headers.put(EXCHANGE_NAME, envelope.getExchange());
        headers.put(DELIVERY_TAG, envelope.getDeliveryTag());
        headers.put(REDELIVERED, envelope.isRedeliver());
        if (properties.getMessageId() != null) {
            headers.put(MESSAGE_ID, properties.getMessageId());
        }
        if (properties.getContentType() != null) {
            headers.put(Exchange.CONTENT_TYPE, properties.getContentType());
        }
        Long timestamp = timestamp();
        if (timestamp != null) {
            headers.put(Exchange.MESSAGE_TIMESTAMP, timestamp);
        }
        headers.put(DeltaHeaders.SOURCE, source);
        headers.put(DeltaHeaders.POSITION, position());
    }
}
