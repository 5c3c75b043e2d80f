package dev.wadi.kpi;

/** KPI definitions cannot be used. The message has a line for each mistake: file:line, problem, cure. */
public final class KpiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KpiException(String message) {
        super(message);
    }
}
