package dev.wadi.kpi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the definitions, collected so that all of it is said at once. */
final class Mistakes {
    private final List<String> lines = new ArrayList<>();

    /**
     * @param line of the file, from 1
     * @param problem without a full stop
     * @param cure what to write, without a full stop
     */
    void add(Path file, int line, String problem, String cure) {
        lines.add("%s:%d: %s. %s.".formatted(file, line, problem, cure));
    }

    int count() {
        return lines.size();
    }

    /** @throws KpiException when there is any */
    void stop() {
        if (!lines.isEmpty()) {
            throw new KpiException("The KPI definitions have %d %s:%n%s"
                    .formatted(
                            lines.size(),
                            lines.size() == 1 ? "mistake" : "mistakes",
                            String.join(System.lineSeparator(), lines)));
        }
    }
}
