package dev.wadi.local;

/** Wadi cannot start. The message is one or more whole sentences: what is wrong, and what to do about it. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StartException(String message) {
        super(message);
    }

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
