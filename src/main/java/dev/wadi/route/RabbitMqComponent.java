package dev.wadi.route;

import com.rabbitmq.client.ConnectionFactory;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/**
 * {@code rabbitmq:EXCHANGE?queue=QUEUE&routingKey=KEY}: an AMQP 0-9-1 broker, in the syntax that Camel's component of this
 * name had. A message is acknowledged once the whole route is done with it; {@link RabbitMqSettings} has the parameters.
 */
final class RabbitMqComponent extends DefaultComponent implements Parameters {
    static final String URI = "amqp://guest:guest@127.0.0.1:5672";

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ConnectionFactory factory = new ConnectionFactory();
    /** What each open end of a route has to complain of, by its name. */
    private final Map<String, Supplier<@Nullable String>> ends = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException when {@code uri} is not one of AMQP */
    RabbitMqComponent(String uri) {
        try {
            factory.setUri(uri);
        } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
            // The message does not repeat the URI: it holds a password.
            throw new IllegalArgumentException(
                    "rabbitmq.uri (RABBITMQ_URI) is not an AMQP address: write amqp://USER:PASSWORD@HOST:PORT/VHOST",
                    e);
        }
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setConnectionTimeout(5_000);
        factory.setHandshakeTimeout(5_000);
        factory.setChannelRpcTimeout(10_000);
        factory.setRequestedHeartbeat(15);
        factory.setThreadFactory(
                Thread.ofPlatform().name("rabbitmq io ", 0).daemon().factory());
    }

    ConnectionFactory factory() {
        return factory;
    }

    /** Host and port, without the password. */
    String address() {
        return factory.getHost() + ":" + factory.getPort();
    }

    /** How long the start of an end may wait for the broker: once it was missing, nobody waits for it any more. */
    Duration patience() {
        return ends().values().stream().allMatch(String::isEmpty) ? PATIENCE : Duration.ZERO;
    }

    void opened(String end, Supplier<@Nullable String> problem) {
        ends.put(end, problem);
    }

    void closed(String end) {
        ends.remove(end);
    }

    /** The open ends of routes and what is wrong with each; empty text when nothing is. */
    Map<String, String> ends() {
        Map<String, String> problems = new TreeMap<>();
        ends.forEach((end, problem) -> {
            String text = problem.get();
            problems.put(end, text == null ? "" : text);
        });
        return problems;
    }

    /** Those of {@link RabbitMqSettings}; the exchange stands before the question mark. */
    @Override
    public Collection<String> parameters() {
        return Arrays.stream(RabbitMqSettings.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(name -> !name.equals("exchange"))
                .toList();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String exchange, Map<String, Object> parameters) {
        int prefetch = getAndRemoveParameter(parameters, "prefetch", Integer.class, RabbitMqSettings.PREFETCH);
        RabbitMqSettings settings = new RabbitMqSettings(
                exchange,
                getAndRemoveParameter(parameters, "exchangeType", String.class, RabbitMqSettings.EXCHANGE_TYPE),
                getAndRemoveParameter(parameters, "queue", String.class),
                getAndRemoveParameter(parameters, "routingKey", String.class),
                getAndRemoveParameter(parameters, "declare", Boolean.class, true),
                prefetch,
                getAndRemoveParameter(parameters, "ackEvery", Integer.class, Math.max(1, prefetch / 8)),
                duration(parameters, "ackDelay", RabbitMqSettings.ACK_DELAY),
                duration(parameters, "retryDelay", RabbitMqSettings.RETRY_DELAY),
                getAndRemoveParameter(parameters, "maxUnconfirmed", Integer.class, RabbitMqSettings.MAX_UNCONFIRMED),
                getAndRemoveParameter(
                        parameters, "maxUnconfirmedBytes", Long.class, RabbitMqSettings.MAX_UNCONFIRMED_BYTES),
                duration(parameters, "publishWait", RabbitMqSettings.PUBLISH_WAIT),
                duration(parameters, "confirmTimeout", RabbitMqSettings.CONFIRM_TIMEOUT));
        return new RabbitMqEndpoint(uri, this, settings);
    }

    private Duration duration(Map<String, Object> parameters, String name, Duration otherwise) {
        return getAndRemoveParameter(parameters, name, Duration.class, otherwise);
    }
}
