package dev.wadi.route;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** One exchange or queue of the broker. */
final class RabbitMqEndpoint extends DefaultEndpoint {
    private final RabbitMqComponent component;
    private final RabbitMqSettings settings;

    RabbitMqEndpoint(String uri, RabbitMqComponent component, RabbitMqSettings settings) {
        super(uri, component);
        this.component = component;
        this.settings = settings;
    }

    RabbitMqSettings settings() {
        return settings;
    }

    RabbitMqComponent component() {
        return component;
    }

    @Override
    public Producer createProducer() {
        return new RabbitMqProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        String queue = settings.queue();
        if (queue == null) {
            throw new IllegalArgumentException(
                    "from: rabbitmq:%s names no queue: write rabbitmq:%s?queue=QUEUE, such as queue=%s.bookings"
                            .formatted(settings.exchange(), settings.exchange(), settings.exchange()));
        }
        RabbitMqConsumer consumer = new RabbitMqConsumer(this, queue, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
