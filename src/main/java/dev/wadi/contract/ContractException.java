package dev.wadi.contract;

/** A contract, or several, cannot be used. The message has a line for each mistake: file:line, problem, cure. */
public final class ContractException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ContractException(String message) {
        super(message);
    }
}
