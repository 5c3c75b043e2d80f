package dev.wadi.kpi;

/** Who asks may not see any row of the KPI. The message names the claim that is missing. */
public final class ForbiddenQuestionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForbiddenQuestionException(Kpi kpi, RowFilter filter) {
        super("%s is answered only for the values of %s in your claim '%s', and you have none. Ask for that claim."
                .formatted(kpi.name(), filter.dimension(), filter.claim()));
    }
}
