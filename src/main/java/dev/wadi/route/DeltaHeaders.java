package dev.wadi.route;

/** The exchange headers between doors and tables. */
public final class DeltaHeaders {
    /** Where a delivery came from: {@code rabbitmq:events.clickstream}. Set by a door. */
    public static final String SOURCE = "WadiSource";

    /** Where in the source: a message id, an offset; the same when it is delivered again. Set by a door. */
    public static final String POSITION = "WadiPosition";

    /** How far the reader of the source is with the delivery, a {@link dev.wadi.merge.Watermark}. Set by a door, or not at all. */
    public static final String WATERMARK = "WadiWatermark";

    /** The stream whose table takes a file; without it the first folder in the name of the file is. Set by a route. */
    static final String STREAM = "WadiStream";

    /** Why the door could not read the body, which is then for quarantine. Set by a door. */
    public static final String REFUSAL = "WadiRefusal";

    /** The table that changed: {@code silver.bookings}. Set by {@code from: delta:}. */
    static final String TABLE = "WadiTable";

    /** The newest version of that table, a long; of a feed the version that changed the rows. Set by {@code from: delta:}. */
    static final String VERSION = "WadiVersion";

    /** When that version was committed, an {@link java.time.Instant}. Set by a feed. */
    static final String TIMESTAMP = "WadiTimestamp";

    /** How many rows of that version came in exchanges before this one, a long. Set by a feed. */
    static final String OFFSET = "WadiOffset";

    /** Whether the version has no more rows than these, a boolean. Set by a feed. */
    static final String LAST = "WadiLast";

    private DeltaHeaders() {}
}
