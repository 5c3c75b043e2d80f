package dev.wadi.merge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.table.TableSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a table remembers of what is gone: which keys were deleted at which sequence, and the sequence of the last truncate.
 *
 * <p>It is no part of the rows: the deleted keys are in Parquet files under {@code _wadi/} in the table's folder, which
 * Delta readers and VACUUM leave alone, and the list of these files is domain metadata, written in the commit of the merge
 * that deletes.
 *
 * @param tombstones files with the key and sequence columns and {@link #BURIED_AT}
 * @param truncated the sequence of the last truncate, each column as text; null for none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Graveyard(List<Tombstones> tombstones, @Nullable List<String> truncated) {
    static final Graveyard EMPTY = new Graveyard(List.of(), null);
    /** When the delete was merged. */
    static final String BURIED_AT = "__buried_at";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A file of tombstones.
     *
     * @param path relative to the table's folder
     * @param newest when its last row was merged, milliseconds since the epoch
     */
    record Tombstones(String path, long rows, long newest) {}

    Graveyard(@Nullable List<Tombstones> tombstones, @Nullable List<String> truncated) {
        this.tombstones = tombstones == null ? List.of() : List.copyOf(tombstones);
        this.truncated = truncated == null ? null : List.copyOf(truncated);
    }

    static Graveyard of(TableSnapshot table) {
        String json = table.domains().get(TableSnapshot.GRAVEYARD);
        if (json == null) {
            return EMPTY;
        }
        try {
            return JSON.readValue(json, Graveyard.class);
        } catch (JsonProcessingException e) {
            throw new MergeException(
                    "%s version %d: the domain metadata %s is not readable: %s. It is written by Wadi alone; restore the table to a version before it was changed"
                            .formatted(table.table(), table.version(), TableSnapshot.GRAVEYARD, e.getMessage()),
                    e);
        }
    }

    String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lists of text and numbers are always JSON", e);
        }
    }

    /** The files that may hold a tombstone merged at {@code since} or later. */
    List<Tombstones> since(long since) {
        return tombstones.stream().filter(file -> file.newest() >= since).toList();
    }

    Graveyard truncated(List<String> sequence) {
        return new Graveyard(tombstones, sequence);
    }

    Graveyard with(Tombstones file) {
        List<Tombstones> more = new ArrayList<>(tombstones);
        more.add(file);
        return new Graveyard(more, truncated);
    }
}
