package dev.wadi.lineage;

import dev.wadi.contract.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step back from rows: what the rows of a key are made from.
 *
 * @param key its columns, as text
 * @param version of the table
 * @param rows of the key: one, or one for each state of a history, or none
 * @param from what they are made from; empty for a table of events
 * @param notKnown what cannot be told, and why
 */
public record Traced(
        TableName table,
        Map<String, String> key,
        long version,
        List<Row> rows,
        List<Source> from,
        List<String> notKnown) {
    public Traced {
        rows = List.copyOf(rows);
        from = List.copyOf(from);
        notKnown = List.copyOf(notKnown);
    }

    /**
     * A row.
     *
     * @param written the commit that wrote it as it is; null when its log entry was cleaned up
     * @param event where it came from; null unless the table is one of events
     */
    public record Row(
            Map<String, @Nullable Object> values,
            @Nullable Written written,
            @Nullable Event event) {}

    /**
     * A commit.
     *
     * @param by who brought the rows: a route, or the doors of a table of events; null when the commit does not say
     */
    public record Written(
            long version,
            Instant at,
            @Nullable String operation,
            @Nullable String by) {}

    /**
     * Where an event came from.
     *
     * @param source the door
     * @param position where in the source
     * @param route that brought it; null when it is not known
     * @param routeVersion of what was written about the route then; null when it is not known
     */
    public record Event(
            @Nullable Object source,
            @Nullable Object position,
            @Nullable Object receivedAt,
            @Nullable String route,
            @Nullable String routeVersion) {}

    /**
     * A table that rows are made from.
     *
     * @param version that was looked at
     * @param condition by which they were found, {@code s} a row of it and {@code t} one of the rows asked for
     * @param rows a page of them
     * @param total all of them
     * @param key names of the columns that tell its rows apart
     */
    public record Source(
            TableName table,
            long version,
            String condition,
            List<Map<String, @Nullable Object>> rows,
            long total,
            List<String> key) {}
}
