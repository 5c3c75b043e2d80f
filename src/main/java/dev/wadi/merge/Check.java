package dev.wadi.merge;

/**
 * A condition that turns a row away before its key is looked for.
 *
 * @param condition SQL over the columns of a row of the batch; true turns it away
 * @param message what is wrong, for people
 */
record Check(String condition, Refused.Reason reason, String message) {}
