package dev.wadi.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Kafka's client as a member of a group, with the options of a route. Leaving on close must not take long when the brokers are away. */
final class GroupClient extends KafkaConsumer<byte[], byte[]> {
    private final KafkaConfiguration options;
    private final Duration leaving;

    /** @param leaving how long a close may take */
    GroupClient(DoorEndpoint endpoint, Duration leaving) {
        super(properties(endpoint));
        this.options = endpoint.getConfiguration();
        this.leaving = leaving;
    }

    private static Properties properties(DoorEndpoint endpoint) {
        KafkaConfiguration options = endpoint.getConfiguration();
        Properties properties = options.createConsumerProperties();
        endpoint.updateClassProperties(properties);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, options.getBrokers());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, options.getGroupId());
        if (options.getGroupInstanceId() != null) {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, options.getGroupInstanceId());
        }
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    /** To the topics of the route: one, several with commas between them, or a pattern. */
    void subscribe(ConsumerRebalanceListener listener) {
        if (options.isTopicIsPattern()) {
            subscribe(Pattern.compile(options.getTopic()), listener);
        } else {
            subscribe(List.of(options.getTopic().split("\\s*,\\s*")), listener);
        }
    }

    /** Records of the partitions it has that it has not read, as far as it knows. */
    long lag() {
        return assignment().stream()
                .mapToLong(partition -> currentLag(partition).orElse(0))
                .sum();
    }

    @Override
    public void close() {
        close(CloseOptions.timeout(leaving));
    }
}
