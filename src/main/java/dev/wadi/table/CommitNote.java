package dev.wadi.table;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a commit says about itself: the {@code commitInfo} of the Delta log, which {@code DESCRIBE HISTORY} shows.
 *
 * @param operation such as {@code MERGE}
 * @param parameters how it was done, by name
 * @param metrics what it did, by name; numbers as text, as Delta has it
 */
public record CommitNote(String operation, Map<String, String> parameters, Map<String, String> metrics) {
    public CommitNote {
        parameters = Map.copyOf(parameters);
        metrics = Map.copyOf(metrics);
    }

    public CommitNote(String operation) {
        this(operation, Map.of(), Map.of());
    }

    /** The same with one more metric. */
    public CommitNote with(String metric, long value) {
        Map<String, String> more = new LinkedHashMap<>(metrics);
        more.put(metric, Long.toString(value));
        return new CommitNote(operation, parameters, more);
    }
}
