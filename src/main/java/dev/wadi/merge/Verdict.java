package dev.wadi.merge;

/** What becomes of a row of a batch. */
public enum Verdict {
    /** The key was not in the table. */
    INSERTED,
    /** It replaces the row of its key. */
    UPDATED,
    /** It removes the row of its key. */
    DELETED,
    /**
     * No row shows it, but it is remembered for events that come late: a delete of what has no row, or an event of a history
     * that shares the row of a newer one.
     */
    BURIED,
    /** A newer row, or a newer delete, of its key is known. */
    STALE,
    /** What it says is in the table already. */
    DUPLICATE,
    /** Equal sequence, other content: which one is right cannot be told. */
    TIED,
    /** It removes every row of the table with a lower sequence; that is a commit of its own, before the others. */
    TRUNCATES,
    /** A {@link Check} turned it away. */
    REFUSED;

    boolean changesTable() {
        return this == INSERTED || this == UPDATED || this == DELETED || this == BURIED;
    }
}
