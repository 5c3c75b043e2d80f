package dev.wadi.merge;

import java.time.Instant;

/**
 * A row or event that a table does not take.
 *
 * @param message what is wrong, for people
 * @param payload the event or row as it came
 * @param source the door
 * @param position where in the source
 */
record Refused(Reason reason, String message, String payload, String source, String position, Instant at) {

    /** Why, for programs. */
    enum Reason {
        /** Not readable as events at all. */
        MALFORMED,
        /** Readable, but not what the contract asks for. */
        CONTRACT,
        /** Equal sequence, other content: which one is right cannot be told. */
        TIE,
        NULL_KEY,
        NULL_SEQUENCE,
        NULL_REQUIRED,
        /** It breaks a rule of severity error. */
        RULE;

        String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
