package dev.wadi.engine;

import java.sql.SQLException;
import java.util.Optional;

/** A query was stopped because it takes more than it may; its session is as good as before. The message says what to do. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What it takes too much of. */
    public enum Reason {
        TIME,
        MEMORY
    }

    private StoppedException(Reason reason, String message, SQLException cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** What DuckDB's words mean when they say that a query was stopped; empty when they do not. */
    public static Optional<StoppedException> of(SQLException failure) {
        String said = String.valueOf(failure.getMessage());
        if (said.startsWith("INTERRUPT")) {
            return Optional.of(new StoppedException(
                    Reason.TIME,
                    "The query took longer than it may and was stopped. Ask for a shorter time, fewer dimensions or a coarser grain.",
                    failure));
        }
        if (said.startsWith("Out of Memory Error")) {
            return Optional.of(new StoppedException(
                    Reason.MEMORY,
                    "The query needs more memory than there is and was stopped. Ask for a shorter time or fewer dimensions, or give DuckDB more (WADI_DUCKDB_MEMORY).",
                    failure));
        }
        return Optional.empty();
    }

    public Reason reason() {
        return reason;
    }
}
