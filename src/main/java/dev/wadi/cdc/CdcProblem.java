package dev.wadi.cdc;

import org.jspecify.annotations.Nullable;

/** What Debezium complains of, in one line with its cure. */
final class CdcProblem {
    private CdcProblem() {}

    static String explain(@Nullable String message, @Nullable Throwable error) {
        Throwable cause = error;
        while (cause != null && cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String said = String.valueOf(cause == null || cause.getMessage() == null ? message : cause.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        if (said.contains("wal_level")) {
            return said + ". Set wal_level = logical in the database and start it again";
        }
        if (said.contains("is active for PID")) {
            return said + ". Another process reads the slot: stop it, or name another slotName";
        }
        if (said.contains("can no longer") || said.contains("invalidated")) {
            return said
                    + ". The database has dropped the log that was kept for the slot: drop the slot (SELECT pg_drop_replication_slot), and the route begins with a new snapshot";
        }
        if (said.contains("must be superuser") || said.contains("permission denied")) {
            return said + ". Grant the user REPLICATION, and SELECT on the tables";
        }
        return said;
    }
}
