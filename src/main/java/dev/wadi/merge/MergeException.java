package dev.wadi.merge;

/** A batch could not be merged, and nothing of it is in the table. The message names the table, the cause and the cure. */
public class MergeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MergeException(String message, Throwable cause) {
        super(message, cause);
    }

    public MergeException(String message) {
        super(message);
    }
}
