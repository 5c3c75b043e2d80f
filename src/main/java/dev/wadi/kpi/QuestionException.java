package dev.wadi.kpi;

import java.util.List;

/** A question cannot be answered as it was asked. The message says what is wrong and what to write. */
public final class QuestionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String parameter;
    private final transient List<String> allowed;

    QuestionException(String parameter, String message, List<String> allowed) {
        super(message);
        this.parameter = parameter;
        this.allowed = List.copyOf(allowed);
    }

    /** The parameter that is wrong. */
    public String parameter() {
        return parameter;
    }

    /** What could have been written: the words, or the form of them. */
    public List<String> allowed() {
        return allowed;
    }
}
