package dev.wadi.contract;

/**
 * A condition that the rows of a table meet.
 *
 * @param name unique in its contract
 * @param condition SQL boolean over the columns of an arriving row; a row breaks the rule when it is false, not when it is null
 */
public record Rule(String name, String condition, Severity severity) {

    /** What happens to a row that breaks a rule. */
    public enum Severity {
        /** It is merged, and counted. */
        WARNING,
        /** It goes to quarantine. */
        ERROR,
        /** The whole batch goes back to its source, and the route stops. */
        FATAL
    }
}
