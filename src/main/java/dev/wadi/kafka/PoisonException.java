package dev.wadi.kafka;

/** A record that can never be read, however often it is tried. */
final class PoisonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PoisonException(String problem) {
        super(problem);
    }
}
