package dev.wadi.table;

import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;

/** Another commit came first. Nothing was written to the log; load the newest version and plan again. */
public final class CommitConflictException extends Exception {
    private static final long serialVersionUID = 1L;

    CommitConflictException(String message) {
        super(message);
    }

    CommitConflictException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether another commit took the version. Kernel says it has used up its retries of any failure, a full disk too. */
    static boolean is(RuntimeException e) {
        return e instanceof ConcurrentWriteException
                || (e instanceof MaxCommitRetryLimitReachedException
                        && e.getCause() instanceof CommitFailedException failed
                        && failed.isConflict());
    }
}
