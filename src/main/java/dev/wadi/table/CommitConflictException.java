package dev.wadi.table;

/** Another commit came first. Nothing was written to the log; load the newest version and plan again. */
public final class CommitConflictException extends Exception {
    private static final long serialVersionUID = 1L;

    CommitConflictException(String message) {
        super(message);
    }

    CommitConflictException(String message, Throwable cause) {
        super(message, cause);
    }
}
