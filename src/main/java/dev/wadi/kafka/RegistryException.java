package dev.wadi.kafka;

/** The schema of a record is not to be had now; later it may be. */
final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryException(String problem) {
        super(problem);
    }
}
