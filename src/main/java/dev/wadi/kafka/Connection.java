package dev.wadi.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the brokers answer. A client of Kafka connects anew by itself and says so in every attempt; this tells a person once.
 * It goes by the bytes that come in: a consumer asks for something every few seconds, whatever else it does.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final String INCOMING = "incoming-byte-total";

    /**
     * How an end of a route is connected.
     *
     * @param problem what is wrong; null while connected
     * @param partitions how many it reads
     * @param lag records in them that it has not read, as far as it knows
     */
    record State(@Nullable String problem, int partitions, long lag) {}

    private final String name;
    private final String brokers;
    private final long patience;
    private @Nullable Metric incoming;
    private double bytes;
    private long heard = System.nanoTime();
    /** What was told last, so that a long outage is told once; null while all is well. */
    private @Nullable String said;

    private volatile State state = new State("not connected yet", 0, 0);

    /** @param patience how long silence is no news */
    Connection(String name, String brokers, Duration patience) {
        this.name = name;
        this.brokers = brokers;
        this.patience = patience.toNanos();
    }

    State state() {
        return state;
    }

    /** A new client. */
    void opened(Consumer<?, ?> consumer) {
        incoming = consumer.metrics().entrySet().stream()
                .filter(each -> isIncoming(each.getKey()))
                .map(java.util.Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        bytes = 0;
        heard = System.nanoTime();
    }

    /** Looks at the client; called now and then. */
    void look(int partitions, long lag) {
        double now = incoming == null ? 0 : ((Number) incoming.metricValue()).doubleValue();
        if (now > bytes) {
            bytes = now;
            heard = System.nanoTime();
            if (state.problem() != null) {
                LOG.info("{}: connected to Kafka at {}", name, brokers);
            }
            said = null;
            state = new State(null, partitions, lag);
        } else if (System.nanoTime() - heard > patience) {
            lost("Kafka at %s does not answer".formatted(brokers));
        } else if (state.problem() == null) {
            state = new State(null, partitions, lag);
        }
    }

    /** The client is of no use any more, or hears nothing. */
    void lost(String reason) {
        state = new State(reason, 0, 0);
        if (!reason.equals(said)) {
            LOG.warn("{}: {}. Trying again; records wait there", name, reason);
            said = reason;
        }
    }

    private static boolean isIncoming(MetricName metric) {
        return metric.name().equals(INCOMING) && metric.group().equals("consumer-metrics");
    }
}
