package dev.wadi.kpi;

import java.util.List;

/** KPI definitions cannot be used. The message has a line for each mistake: file:line, problem, cure. */
public final class KpiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param mistakes a text for each; at least one */
    KpiException(List<String> mistakes) {
        super("The KPI definitions have %d %s:%n%s"
                .formatted(
                        mistakes.size(),
                        mistakes.size() == 1 ? "mistake" : "mistakes",
                        String.join(System.lineSeparator(), mistakes)));
    }
}
