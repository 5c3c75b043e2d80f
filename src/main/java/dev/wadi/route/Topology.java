package dev.wadi.route;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.Map;

/** What an endpoint needs to be there on the broker. */
final class Topology {
    private Topology() {}

    /** Declares exchange, queue and binding, durable and with plain arguments that every AMQP 0-9-1 broker knows. */
    static void declare(Channel channel, RabbitMqSettings settings) throws IOException {
        if (!settings.declare()) {
            return;
        }
        if (!settings.defaultExchange()) {
            channel.exchangeDeclare(settings.exchange(), settings.exchangeType(), true);
        }
        String queue = settings.queue();
        if (queue != null) {
            channel.queueDeclare(queue, true, false, false, Map.of());
            if (!settings.defaultExchange()) {
                String key = settings.routingKey();
                channel.queueBind(queue, settings.exchange(), key == null ? "#" : key);
            }
        }
    }
}
