package dev.wadi.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a {@code rabbitmq:EXCHANGE?queue=QUEUE&routingKey=KEY} endpoint.
 *
 * @param exchange a durable exchange, declared when it is not there; {@code default} is the nameless one, which needs no
 *     declaring
 * @param queue a durable queue, declared and bound when it is not there. A consumer needs it; a producer may name it to
 *     have it before the first consumer runs
 * @param routingKey of the binding, {@code #} when absent; of messages that have no header
 *     {@link RabbitMqMessage#ROUTING_KEY}
 * @param declare whether to declare; {@code false} takes exchange and queue as they are, with arguments that only their
 *     owner knows
 * @param prefetch messages that may be on their way through the route at once
 * @param ackEvery an acknowledgement is sent at the latest after so many completed messages
 * @param ackDelay ... and at the latest after this time
 * @param retryDelay a failed message goes back to the queue after this time, so that a failing table does not spin
 * @param maxUnconfirmed messages that may wait for their confirm
 * @param maxUnconfirmedBytes bytes that may wait for their confirm
 * @param publishWait how long a sender waits when that many wait; then it is refused
 * @param confirmTimeout a message that is not confirmed after this time has failed
 */
record RabbitMqSettings(
        String exchange,
        String exchangeType,
        @Nullable String queue,
        @Nullable String routingKey,
        boolean declare,
        int prefetch,
        int ackEvery,
        Duration ackDelay,
        Duration retryDelay,
        int maxUnconfirmed,
        long maxUnconfirmedBytes,
        Duration publishWait,
        Duration confirmTimeout) {

    static final int PREFETCH = 2_000;
    static final String EXCHANGE_TYPE = "topic";
    static final Duration ACK_DELAY = Duration.ofMillis(50);
    static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    static final int MAX_UNCONFIRMED = 50_000;
    static final long MAX_UNCONFIRMED_BYTES = 64L << 20;
    static final Duration PUBLISH_WAIT = Duration.ofSeconds(1);
    static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(30);

    RabbitMqSettings {
        if (exchange.isBlank()) {
            throw new IllegalArgumentException(
                    "a rabbitmq endpoint has no exchange: write rabbitmq:EXCHANGE, such as rabbitmq:events");
        }
        atLeastOne("prefetch", prefetch);
        // basic.qos takes 16 bits, and 0 means without bound
        if (prefetch > 65_535) {
            throw new IllegalArgumentException(
                    "prefetch=%d is more than a broker can count: write at most 65535".formatted(prefetch));
        }
        atLeastOne("ackEvery", ackEvery);
        atLeastOne("ackDelay", ackDelay.toMillis());
        atLeastOne("maxUnconfirmed", maxUnconfirmed);
        atLeastOne("maxUnconfirmedBytes", maxUnconfirmedBytes);
        atLeastOne("confirmTimeout", confirmTimeout.toMillis());
    }

    boolean defaultExchange() {
        return exchange.equals("default");
    }

    /** The exchange as AMQP names it. */
    String exchangeName() {
        return defaultExchange() ? "" : exchange;
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s=%d: write 1 or more".formatted(name, value));
        }
    }
}
