package dev.wadi.table;

/** A version that was asked for cannot be read: it is still to come, or its log entries or files were cleaned up. */
public final class NoSuchVersionException extends TableException {
    private static final long serialVersionUID = 1L;

    private final long oldest;
    private final long newest;

    /** @param message without the full stop; what can be read is added */
    public NoSuchVersionException(String message, long oldest, long newest) {
        super("%s. Versions %d to %d can be read".formatted(message, oldest, newest));
        this.oldest = oldest;
        this.newest = newest;
    }

    /** The oldest version that can be read. */
    public long oldest() {
        return oldest;
    }

    /** The newest version. */
    public long newest() {
        return newest;
    }
}
