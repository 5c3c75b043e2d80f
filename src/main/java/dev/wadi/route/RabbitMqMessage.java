package dev.wadi.route;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.util.Map;
import org.apache.camel.Exchange;

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

    private final String queue;
    private final Envelope envelope;
    private final BasicProperties properties;

    RabbitMqMessage(Exchange exchange, String queue, Envelope envelope, BasicProperties properties, byte[] body) {
        super(exchange, body);
        this.queue = queue;
        this.envelope = envelope;
        this.properties = properties;
    }

    @Override
    protected void populateInitialHeaders(Map<String, Object> headers) {
        String position = queue + "#" + envelope.getDeliveryTag();
        headers.put(QUEUE, queue);
        headers.put(ROUTING_KEY, envelope.getRoutingKey());
        headers.put(EXCHANGE_NAME, envelope.getExchange());
        headers.put(DELIVERY_TAG, envelope.getDeliveryTag());
        headers.put(REDELIVERED, envelope.isRedeliver());
        if (properties.getMessageId() != null) {
            headers.put(MESSAGE_ID, properties.getMessageId());
            position = properties.getMessageId();
        }
        if (properties.getContentType() != null) {
            headers.put(Exchange.CONTENT_TYPE, properties.getContentType());
        }
        if (properties.getHeaders() != null && properties.getHeaders().get(MILLIS_HEADER) instanceof Long millis) {
            headers.put(Exchange.MESSAGE_TIMESTAMP, millis);
        } else if (properties.getTimestamp() != null) {
            headers.put(Exchange.MESSAGE_TIMESTAMP, properties.getTimestamp().getTime());
        }
        headers.put(DeltaHeaders.SOURCE, "rabbitmq:" + queue);
        headers.put(DeltaHeaders.POSITION, position);
    }
}
