package dev.wadi.merge;

import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import java.util.List;

/** How many rows the bookings of {@link MergeFixture} brought a day. */
final class BookingCounts {
    static final TableName TABLE = new TableName("gold", "counts");

    /** Adds what is new to what was counted before: wrong as soon as one version is read twice or left out. */
    static final Transforms.Transform COUNT =
            new Transforms.Transform("count", new TableName("silver", "bookings"), TABLE, """
            SELECT c.day, c.n + coalesce(t.n, 0) AS n
            FROM (SELECT day, count(*) AS n FROM changes GROUP BY day) c LEFT JOIN gold.counts t ON t.day = c.day
            """);

    static final Contract CONTRACT = MergeFixture.contract(
            TABLE,
            List.of(
                    MergeFixture.column("day", ColumnType.Simple.DATE, true, false),
                    MergeFixture.column("n", ColumnType.Simple.LONG, true, false)),
            List.of("day"),
            Merging.replace(),
            List.of(),
            true);

    private BookingCounts() {}
}
