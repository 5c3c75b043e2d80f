package dev.wadi.merge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.table.TableSnapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a table remembers and no row shows: which keys were deleted at which sequence, the sequence of the last truncate,
 * and the events of a history that share a row with a newer one.
 *
 * <p>It is no part of the rows: keys and events are in Parquet files under {@code _wadi/} in the table's folder, which
 * Delta readers and VACUUM leave alone, and the list of these files is domain metadata, written in the commit of the merge
 * that deletes or absorbs.
 *
 * @param tombstones files with the key and sequence columns and {@link #BURIED_AT}
 * @param absorbed files with the stored columns and {@link #BURIED_AT}
 * @param truncated the sequence of the last truncate, each column as text; null for none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Graveyard(
        List<Remains> tombstones,
        List<Remains> absorbed,
        @Nullable List<String> truncated) {
    static final Graveyard EMPTY = new Graveyard(List.of(), List.of(), null);
    /** When the row was written here. */
    static final String BURIED_AT = "__buried_at";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A file of what is remembered.
     *
     * @param path relative to the table's folder
     * @param newest when its last row was merged, milliseconds since the epoch
     */
    record Remains(String path, long rows, long newest) {}

    Graveyard(@Nullable List<Remains> tombstones, @Nullable List<Remains> absorbed, @Nullable List<String> truncated) {
        this.tombstones = tombstones == null ? List.of() : List.copyOf(tombstones);
        this.absorbed = absorbed == null ? List.of() : List.copyOf(absorbed);
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

    /** What is left when all that was written here before {@code oldest} is forgotten. */
    Graveyard since(long oldest) {
        return new Graveyard(since(tombstones, oldest), since(absorbed, oldest), truncated);
    }

    private static List<Remains> since(List<Remains> files, long oldest) {
        return files.stream().filter(file -> file.newest() >= oldest).toList();
    }
}
