package dev.wadi.index;

/** A key table has no room for another key, and was not granted more memory. */
final class KeyTableFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyTableFullException(long keys) {
        super("there is no memory for more than %,d keys".formatted(keys));
    }
}
