package dev.wadi.file;

import dev.wadi.event.JsonText;
import dev.wadi.file.Places.Unread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers the rows of a chunk. */
final class ChunkBuilder {
    private final String unit;
    private final JsonText events = new JsonText();
    private final long[] numbers = new long[RowFile.ROWS];
    private final List<Unread> unread = new ArrayList<>();
    private int rows;
    private long unreadBytes;

    ChunkBuilder(String unit) {
        this.unit = unit;
    }

    boolean isFull() {
        return rows + unread.size() >= RowFile.ROWS || events.size() + unreadBytes >= RowFile.BYTES;
    }

    /** Where the event of a row goes; {@link #wrote} ends it. */
    JsonText events() {
        return events;
    }

    void wrote(long number) {
        events.newLine();
        numbers[rows++] = number;
    }

    void unread(long number, String text, String problem) {
        String shown = text.length() <= RowFile.SHOWN
                ? text
                : text.substring(0, RowFile.SHOWN) + "... (%d characters)".formatted(text.length());
        unread.add(new Unread(number, shown, problem));
        unreadBytes += shown.length();
    }

    /** What was gathered; null when it is nothing. Then gathers the next. */
    @Nullable
    Chunk take() {
        if (rows == 0 && unread.isEmpty()) {
            return null;
        }
        Chunk chunk = new Chunk(events.toBytes(), new Places(unit, Arrays.copyOf(numbers, rows), unread));
        events.clear();
        unread.clear();
        rows = 0;
        unreadBytes = 0;
        return chunk;
    }
}
