package dev.wadi.spark;

import java.io.PrintStream;
import java.util.List;

/**
 * How long Spark's MERGE takes: 100,000 upserts, half of them new keys, into a table of bookings whose keys are hashes, so
 * that no file can be skipped. {@code bench ROWS FOLDER}; FOLDER must not exist.
 *
 * <p>Prints a line {@code spark merge, deletion vectors: 28.1 s} for each way of writing, the second of two merges: the
 * first pays for cold code.
 */
final class MergeSpeed {
    private static final int UPSERTS = 100_000;

    private final SparkTables spark;
    private final long rows;
    private final String table;
    private int round;

    private MergeSpeed(SparkTables spark, long rows, String folder) {
        this.spark = spark;
        this.rows = rows;
        this.table = "delta.`" + folder + "`";
    }

    static void run(String[] arguments, PrintStream figures) {
        long rows = Long.parseLong(arguments[1]);
        try (SparkTables spark = new SparkTables(true)) {
            for (boolean vectors : List.of(true, false)) {
                String way = vectors ? "deletion vectors" : "copy on write";
                String folder = arguments[2] + "/" + way.replace(' ', '-');
                MergeSpeed speed = new MergeSpeed(spark, rows, folder);
                speed.create(vectors);
                speed.merge();
                figures.printf("spark merge, %s: %.1f s%n", way, speed.merge());
            }
        }
    }

    private void create(boolean vectors) {
        spark.run("CREATE TABLE %s USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = '%s') AS %s"
                .formatted(table, vectors, bookings("range(%d)".formatted(rows))));
    }

    /** Old keys spread over the whole table, and as many new ones, all with a later sequence than any row. */
    private double merge() {
        round++;
        int half = UPSERTS / 2;
        long fresh = rows + (long) (round - 1) * half;
        String keys = "(SELECT id * %d + %d AS id FROM range(%d) UNION ALL SELECT id FROM range(%d, %d))"
                .formatted(rows / half, round, half, fresh, fresh + half);
        long before = System.nanoTime();
        spark.run(("MERGE INTO %s t USING (%s) s ON t.booking_id = s.booking_id"
                        + " WHEN MATCHED AND s.updated_at > t.updated_at THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *")
                .formatted(table, bookings(keys)));
        double seconds = (System.nanoTime() - before) / 1e9;
        long live = Long.parseLong(
                spark.run("SELECT count(*) FROM " + table).rows().getFirst().getFirst());
        if (live != fresh + half) {
            throw new IllegalStateException("%d rows after the merge, not %d".formatted(live, fresh + half));
        }
        return seconds;
    }

    private String bookings(String from) {
        return """
                SELECT 'b-' || md5(CAST(id AS STRING)) AS booking_id, 'a-' || (id %% 50) AS agency_id,
                  'Agency ' || (id %% 50) AS agency_name, 'k-' || (id %% 9000) AS customer_id,
                  'Customer ' || (id %% 9000) AS customer_name, 'k' || (id %% 9000) || '@example.org' AS customer_email,
                  'DE' AS customer_country, 'business' AS customer_segment, 'p-' || (id %% 700) AS product_id,
                  'Product ' || (id %% 700) AS product_name, 'hotel' AS product_type, 'Lisbon' AS destination,
                  CAST(1 + id %% 5 AS INT) AS quantity, CAST(id %% 1000 + 0.25 AS DECIMAL(18,2)) AS unit_price,
                  'EUR' AS currency, CAST((1 + id %% 5) * (id %% 1000 + 0.25) AS DECIMAL(18,2)) AS amount,
                  'confirmed' AS status, timestamp_seconds(1777593600 + id %% 2000000) AS booked_at,
                  date_add(DATE '2026-09-01', CAST(id %% 90 AS INT)) AS travel_date,
                  timestamp_seconds(1780272000 + 3600 * %d) AS updated_at,
                  'bench' AS source, CAST(id AS STRING) AS position, TIMESTAMP '2026-06-01 00:00:00' AS received_at
                FROM %s
                """.formatted(round, from);
    }
}
