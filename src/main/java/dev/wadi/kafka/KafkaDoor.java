package dev.wadi.kafka;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.PropertiesHelper;

/**
 * {@code kafka:TOPIC}: Camel's component, whose {@code from:} commits an offset only when the whole route is done with the
 * record. Camel finds it by its name when a route first uses it.
 */
@Singleton
@Named("kafka")
@Component("kafka")
public final class KafkaDoor extends KafkaComponent {
    static final String BROKERS = "127.0.0.1:9092";
    static final String GROUP = "wadi";
    static final String DEBEZIUM = "envelope=debezium";
    /** Of changes: a partition is read on when those before are committed. */
    private static final int CHANGES_A_POLL = 5_000;

    /** What each open end of a route has to say of its connection, by its name. */
    private final Map<String, Supplier<Connection.State>> ends = new ConcurrentHashMap<>();

    public KafkaDoor(@Value("${kafka.bootstrap.servers:`" + BROKERS + "`}") String brokers) {
        getConfiguration().setBrokers(brokers);
        getConfiguration().setGroupId(GROUP);
    }

    void opened(String end, Supplier<Connection.State> state) {
        ends.put(end, state);
    }

    void closed(String end) {
        ends.remove(end);
    }

    /** The open ends of routes and how each is connected. */
    Map<String, Connection.State> ends() {
        Map<String, Connection.State> states = new TreeMap<>();
        ends.forEach((end, state) -> states.put(end, state.get()));
        return states;
    }

    /** As Camel's own does, with an endpoint of ours. */
    @Override
    protected KafkaEndpoint createEndpoint(String uri, String topic, Map<String, Object> parameters) throws Exception {
        if (topic.isBlank()) {
            throw new IllegalArgumentException(
                    "a kafka endpoint has no topic: write kafka:TOPIC, such as kafka:clicks");
        }
        Map<String, Object> additional = PropertiesHelper.extractProperties(parameters, "additionalProperties.");
        String envelope = getAndRemoveParameter(parameters, "envelope", String.class);
        if (envelope != null && !envelope.equals("debezium")) {
            throw new IllegalArgumentException("kafka:%s: there is no envelope '%s': write %s, or leave it out"
                    .formatted(topic, envelope, DEBEZIUM));
        }
        DoorEndpoint endpoint = new DoorEndpoint(uri, this, envelope != null);
        endpoint.setConfiguration(getConfiguration().copy());
        if (envelope != null) {
            // a list of records goes to the table as it came, and is tried again as a whole
            endpoint.getConfiguration().setBatching(true);
            endpoint.getConfiguration().setMaxPollRecords(CHANGES_A_POLL);
        }
        setProperties(endpoint, parameters);
        if (endpoint.getConfiguration().getSslContextParameters() == null) {
            endpoint.getConfiguration().setSslContextParameters(retrieveGlobalSslContextParameters());
        }
        if (!additional.isEmpty()) {
            Map<String, Object> resolved = new HashMap<>();
            PropertyBindingSupport.bindProperties(getCamelContext(), resolved, additional);
            endpoint.getConfiguration().getAdditionalProperties().putAll(resolved);
        }
        if (endpoint.getConfiguration().getTopic() == null) {
            endpoint.getConfiguration().setTopic(topic);
        }
        return endpoint;
    }
}
