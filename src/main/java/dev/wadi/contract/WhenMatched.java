package dev.wadi.contract;

/** What a merge does with a row whose key is in the table already. */
public enum WhenMatched {
    /** The greater sequence wins; a lower one is stale; an equal one is a duplicate, or a tie when the content differs. */
    SEQUENCE,
    /** The row that came first stays; the same content again is a duplicate, another content is a tie. */
    KEEP_FIRST,
    /** The later batch wins. For tables that one transform computes: it has seen everything that counts. */
    REPLACE
}
