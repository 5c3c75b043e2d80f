package dev.wadi.route;

/**
 * The broker did not take responsibility for a message. It may nevertheless have it: send it again, a merge drops what
 * comes twice.
 */
public final class BrokerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a message was not confirmed. */
    public enum Reason {
        /** There is no connection. Try again when {@code /health} says that the broker is up. */
        DISCONNECTED,
        /** The connection was lost after the message was sent and before it was confirmed. */
        LOST,
        /** The broker is short of memory or disk and takes no messages. */
        BLOCKED,
        /** Too many messages wait for their confirms. Send slower. */
        OVERLOADED,
        /** No queue is bound for the routing key. Trying again does not help until a route or a person binds one. */
        UNROUTABLE,
        /** The broker answered that it could not keep the message. */
        REFUSED,
        /** The broker did not answer in time. */
        UNCONFIRMED
    }

    private final Reason reason;

    BrokerUnavailableException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
