package dev.wadi.event;

/** A body in which no event can be told apart. The message says where (line, column) and what was expected. */
public final class UnreadableBodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableBodyException(String message) {
        super(message);
    }
}
