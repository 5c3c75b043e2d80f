package dev.wadi.contract;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of one key become what the table holds.
 *
 * @param whenMatched what happens to a row whose key is in the table already
 * @param sequenceBy names of the columns that order the events of a key, compared as a tuple; empty unless
 *     {@code whenMatched} is {@link WhenMatched#SEQUENCE}
 * @param deleteWhen SQL predicate on an arriving row that makes it a delete; null for none
 * @param truncateWhen SQL predicate on an arriving row that makes it delete every row with a lower sequence; null for none
 * @param tombstoneRetention how long a deleted key and its sequence are remembered, so that an older event that comes late
 *     does not raise the dead
 * @param ignoreNullUpdates names of the columns that keep their value when an update brings null, each nullable and
 *     neither key nor sequence; empty for none
 * @param history whether each state of a key is a row of its own with {@code __START_AT} and {@code __END_AT} (SCD type 2),
 *     instead of one row a key (SCD type 1)
 * @param trackHistoryExcept names of the columns whose changes alone open no new row of a history
 * @param systemSequenceBy name of the column that says when an event became known, a number or time, which makes a history
 *     bitemporal: what was believed when is kept too; null for none
 */
public record Merging(
        WhenMatched whenMatched,
        List<String> sequenceBy,
        @Nullable String deleteWhen,
        @Nullable String truncateWhen,
        Duration tombstoneRetention,
        Set<String> ignoreNullUpdates,
        boolean history,
        Set<String> trackHistoryExcept,
        @Nullable String systemSequenceBy) {
    public static final Duration TOMBSTONE_RETENTION = Duration.ofDays(7);

    public Merging {
        sequenceBy = List.copyOf(sequenceBy);
        ignoreNullUpdates = Set.copyOf(ignoreNullUpdates);
        trackHistoryExcept = Set.copyOf(trackHistoryExcept);
    }

    /** The newest row of each key, by these columns; nothing is ever deleted. */
    public static Merging newest(List<String> sequenceBy) {
        return simple(WhenMatched.SEQUENCE, sequenceBy);
    }

    /** The row that came first. */
    public static Merging keepFirst() {
        return simple(WhenMatched.KEEP_FIRST, List.of());
    }

    /** The row of the later batch. */
    public static Merging replace() {
        return simple(WhenMatched.REPLACE, List.of());
    }

    private static Merging simple(WhenMatched whenMatched, List<String> sequenceBy) {
        return new Merging(whenMatched, sequenceBy, null, null, TOMBSTONE_RETENTION, Set.of(), false, Set.of(), null);
    }

    /** The same, with rows that delete. */
    public Merging deleting(String deleteWhen, Duration tombstoneRetention) {
        return new Merging(
                whenMatched,
                sequenceBy,
                deleteWhen,
                truncateWhen,
                tombstoneRetention,
                ignoreNullUpdates,
                history,
                trackHistoryExcept,
                systemSequenceBy);
    }
}
