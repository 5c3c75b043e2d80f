package dev.wadi.merge;

/** A row broke a rule that must never be broken: trying again is of no use, so whoever brought it must stop. */
public final class FatalRuleException extends MergeException {
    private static final long serialVersionUID = 1L;

    public FatalRuleException(String message) {
        super(message);
    }
}
