package dev.wadi.route;

/** The exchange headers between doors and tables. */
final class DeltaHeaders {
    /** Where a delivery came from: {@code rabbitmq:events.clickstream}. Set by a door. */
    static final String SOURCE = "WadiSource";

    /** Where in the source: a message id, an offset; the same when it is delivered again. Set by a door. */
    static final String POSITION = "WadiPosition";

    /** The table that changed: {@code silver.bookings}. Set by {@code from: delta:}. */
    static final String TABLE = "WadiTable";

    /** The newest version of that table, a long. Set by {@code from: delta:}. */
    static final String VERSION = "WadiVersion";

    private DeltaHeaders() {}
}
