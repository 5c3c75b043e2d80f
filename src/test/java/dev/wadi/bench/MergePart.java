package dev.wadi.bench;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.proof.LakeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The merge of 100,000 upserts, half of them new keys, into silver.bookings with a million rows, in this process. Keys are
 * hashes, so that no file can be skipped. Plain DuckDB does the least that any merge must: find the rows with those keys,
 * and write the new ones to a Parquet file; it commits nothing.
 */
final class MergePart {
    private static final int ROWS = 1_000_000;
    private static final int UPSERTS = 100_000;
    private static final int ROUNDS = 4;
    private static final String MEMORY = "1GB";
    private static final int THREADS = 2;

    private final Path folder;
    private int round;
    private long nextNew = ROWS;

    private MergePart(Path folder) {
        this.folder = folder;
    }

    /** @param folder for the lake of this part */
    static List<Figure> measure(Path folder) throws Exception {
        return new MergePart(folder).run();
    }

    private List<Figure> run() throws Exception {
        TableName table = new TableName("silver", "bookings");
        Contracts contracts = Contracts.load(Path.of("schemas", "tables"));
        List<Double> merges = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        try (MergeInProcess lake = new MergeInProcess(folder, contracts, MEMORY, THREADS)) {
            lake.merge(table, rows("range(%d) t(i)".formatted(ROWS)));
            for (int i = 0; i < ROUNDS; i++) {
                String batch = batch();
                // Before the merge, which adds the very keys: both find the same rows in the same files.
                plain.add(plainDuckDb(batch));
                long before = System.nanoTime();
                MergeOutcome outcome = lake.merge(table, batch);
                merges.add((System.nanoTime() - before) / 1e9);
                require(outcome.counts().inserted() == UPSERTS / 2, outcome);
                require(outcome.counts().updated() == UPSERTS / 2, outcome);
                System.out.printf("  merge %.2f s, plain DuckDB %.2f s%n", merges.getLast(), plain.getLast());
            }
        }
        return List.of(Figure.of(
                "merge of 100,000 upserts into 1,000,000 rows",
                median(merges),
                "s",
                "plain DuckDB, find the keys and write the rows, no commit",
                median(plain)));
    }

    private static void require(boolean condition, MergeOutcome outcome) {
        if (!condition) {
            throw new IllegalStateException("not what was asked: " + outcome);
        }
    }

    /** Without the first round, which pays for cold code on both sides. */
    private static double median(List<Double> seconds) {
        List<Double> sorted = seconds.stream().skip(1).sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Old keys spread over the whole table, and as many new ones, all with a later sequence than any row. */
    private String batch() {
        round++;
        String keys =
                "(SELECT (i * %d + %d) AS i FROM range(%d) old(i) UNION ALL SELECT i FROM range(%d, %d) fresh(i)) t"
                        .formatted(ROWS / (UPSERTS / 2), round, UPSERTS / 2, nextNew, nextNew + UPSERTS / 2);
        nextNew += UPSERTS / 2;
        return rows(keys);
    }

    private String rows(String from) {
        return """
                SELECT 'b-' || md5(i::VARCHAR) AS booking_id, 'a-' || (i %% 50) AS agency_id,
                  'Agency ' || (i %% 50) AS agency_name, 'k-' || (i %% 9000) AS customer_id,
                  'Customer ' || (i %% 9000) AS customer_name, 'k' || (i %% 9000) || '@example.org' AS customer_email,
                  'DE' AS customer_country, 'business' AS customer_segment, 'p-' || (i %% 700) AS product_id,
                  'Product ' || (i %% 700) AS product_name, 'hotel' AS product_type, 'Lisbon' AS destination,
                  (1 + i %% 5)::INTEGER AS quantity, (i %% 1000 + 0.25)::DECIMAL(18,2) AS unit_price, 'EUR' AS currency,
                  ((1 + i %% 5) * (i %% 1000 + 0.25))::DECIMAL(18,2) AS amount, 'confirmed' AS status,
                  TIMESTAMPTZ '2026-05-01 00:00:00+00' + to_seconds((i %% 2000000)::BIGINT) AS booked_at,
                  DATE '2026-09-01' + (i %% 90)::INTEGER AS travel_date,
                  TIMESTAMPTZ '2026-06-01 00:00:00+00' + to_hours(%d) AS updated_at,
                  'bench' AS source, i::VARCHAR AS "position", TIMESTAMPTZ '2026-06-01 00:00:00+00' AS received_at
                FROM %s
                """.formatted(round, from);
    }

    private double plainDuckDb(String batch) throws SQLException, IOException {
        String rows = new LakeReader(folder.resolve("lake")).select("silver.bookings", "filename", "file_row_number");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET memory_limit = '" + MEMORY + "'");
            statement.execute("SET threads = " + THREADS);
            statement.execute("SET preserve_insertion_order = false");
            long before = System.nanoTime();
            statement.execute("CREATE TEMP TABLE batch AS " + batch);
            long found = 0;
            try (ResultSet old = statement.executeQuery(
                    "SELECT filename, file_row_number, updated_at FROM (%s) WHERE booking_id IN (SELECT booking_id FROM batch)"
                            .formatted(rows))) {
                while (old.next()) {
                    found++;
                }
            }
            Path written = Files.createTempFile(folder, "plain", ".parquet");
            statement.execute("COPY batch TO '%s' (FORMAT parquet, COMPRESSION zstd)".formatted(written));
            double seconds = (System.nanoTime() - before) / 1e9;
            if (found < UPSERTS / 2) {
                throw new IllegalStateException("plain DuckDB found only " + found + " rows");
            }
            return seconds;
        }
    }
}
