package dev.wadi.file;

import java.util.List;

/**
 * Where the events of a chunk were in their file.
 *
 * @param unit what is counted: {@code line} or {@code row}
 * @param numbers for each event, from 1: the line in which it starts
 * @param unread rows that became no event
 */
public record Places(String unit, long[] numbers, List<Unread> unread) {
    public Places {
        unread = List.copyOf(unread);
    }

    /**
     * A row that cannot be read.
     *
     * @param number where, from 1
     * @param text as it came, cut when it is long
     * @param problem what is wrong, and what to do
     */
    public record Unread(long number, String text, String problem) {}

    /** Such as {@code line 17}. */
    public String of(long number) {
        return unit + " " + number;
    }
}
