package dev.wadi.table;

/** A table cannot be read or written. The message names table and version, the cause and the cure. */
public class TableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TableException(String message) {
        super(message);
    }

    public TableException(String message, Throwable cause) {
        super(message, cause);
    }
}
