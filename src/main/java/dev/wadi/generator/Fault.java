package dev.wadi.generator;

/** What is wrong with how an event arrives. */
public enum Fault {
    NONE,
    /** The very text came before. */
    DUPLICATE,
    /** A later event of the same booking or session came before. */
    REORDERED,
    /** Many events that happened after it came before. */
    LATE,
    /** Key and time of another event, and another content. */
    TIED,
    /** It does not fit its contract. */
    MALFORMED
}
