package dev.wadi.merge;

/**
 * One run of a reader through its source, from a watermark that was committed. Its deliveries go to one table, in the order of
 * the source.
 *
 * <p>It ends for good with the first of them that fails. A later one, already under way, would else be committed with its
 * watermark, and what failed would be past. The reader goes back to the committed watermark with a new reading.
 */
public final class Reading {
    private final String reader;
    private volatile boolean broken;

    /** @param reader names the watermark in the table: the id of a route */
    public Reading(String reader) {
        this.reader = reader;
    }

    public String reader() {
        return reader;
    }

    /** Keeps every delivery of this reading that is not committed yet from being committed. */
    public void breakOff() {
        broken = true;
    }

    public boolean broken() {
        return broken;
    }
}
