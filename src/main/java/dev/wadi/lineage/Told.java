package dev.wadi.lineage;

import dev.wadi.contract.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why the rows of a key are as they are: what became of each event of the key.
 *
 * @param key its columns, as text
 * @param versions that were read
 * @param since events that came before are not told; null when all are
 * @param rows that the table has of the key; several in a history, none when it was deleted or never was
 * @param events in the order of their sequence, refused ones without a sequence last
 * @param agrees whether the table has what follows from the events; null when that cannot be told
 * @param decidedIn the rows of other tables whose events are told, because this one is made from them; empty when the table itself
 *     decides
 * @param notKnown what cannot be told, and why
 */
public record Told(
        TableName table,
        Map<String, String> key,
        Map<TableName, Long> versions,
        @Nullable Instant since,
        List<Map<String, @Nullable Object>> rows,
        List<Event> events,
        @Nullable Boolean agrees,
        List<Ref> decidedIn,
        List<String> notKnown) {
    public Told {
        rows = List.copyOf(rows);
        events = List.copyOf(events);
        decidedIn = List.copyOf(decidedIn);
        notKnown = List.copyOf(notKnown);
    }

    /** What became of an event. */
    public enum Verdict {
        /** It is in the table: its row, one of its states, some of its values, or that the row is gone. */
        WON,
        /** A newer one of the key is known. */
        STALE,
        /** Another event says the same. */
        DUPLICATE,
        /** Another event has the same sequence and another content. */
        TIED,
        /** It does not fit, and is in quarantine. */
        REFUSED
    }

    /**
     * An event.
     *
     * @param decidedIn the table that decided
     * @param deletes whether it asks for a delete
     * @param sequence by the columns that order the events of a key; empty where nothing does
     * @param event its row in the table of events, by the key of that; null when it has none there
     * @param source the door
     * @param position where in the source
     * @param lostTo source and position of the one that stands instead; null when it lost to none, or to several
     * @param reason why it was refused, in words; null when it was not
     */
    public record Event(
            TableName decidedIn,
            Verdict verdict,
            boolean deletes,
            Map<String, @Nullable Object> sequence,
            @Nullable Ref event,
            @Nullable Object source,
            @Nullable Object position,
            @Nullable Object receivedAt,
            @Nullable Place lostTo,
            @Nullable String reason) {}

    /** A row by its key. */
    public record Ref(TableName table, List<@Nullable Object> key) {}

    /** Where an event came from. */
    public record Place(@Nullable Object source, @Nullable Object position) {}
}
