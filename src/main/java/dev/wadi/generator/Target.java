package dev.wadi.generator;

import java.io.IOException;

/**
 * Where generated events go. {@link #toString} says which it is. For one thread.
 */
public interface Target extends AutoCloseable {
    /** The event as it will be sent: a table stamps its rows. */
    default String fit(String text) {
        return text;
    }

    /** Takes an event; it may wait here until there are more. */
    void send(String text) throws IOException;

    /** Returns when all that was taken is safe there. */
    void finish() throws IOException;

    /** Whether what does not fit is refused at the door, instead of going to quarantine. */
    default boolean refuses() {
        return false;
    }

    /** Whether each event stays what it is; not so in a table whose rows change. */
    default boolean keepsStates() {
        return true;
    }

    @Override
    void close() throws IOException;
}
