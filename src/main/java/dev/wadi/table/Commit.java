package dev.wadi.table;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A commit as the log tells it.
 *
 * @param timestamp what time travel goes by: the time that the commit itself says, else that of its file; later than that of
 *     the commit before
 * @param operation such as {@code MERGE}; null when the writer did not say
 * @param parameters how it was done; values that are not text are the JSON text
 * @param metrics what it did, by name
 * @param engine who wrote it, such as {@code wadi}; null when it did not say
 */
public record Commit(
        long version,
        Instant timestamp,
        @Nullable String operation,
        Map<String, String> parameters,
        Map<String, String> metrics,
        @Nullable String engine) {}
