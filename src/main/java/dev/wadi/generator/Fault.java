package dev.wadi.generator;

/** What is wrong with how an event arrives. */
public enum Fault {
    NONE,
    /** The very text came before. */
    DUPLICATE,
    /** A later event of the same booking or session came before. */
    REORDERED,
    /** It does not fit its contract. */
    MALFORMED
}
