package dev.wadi.bench;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
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
import java.util.Locale;

/**
 * The merge of 100,000 upserts, half of them new, into a table of millions of rows, in this process. Keys are hashes in no
 * order, so that no file can be skipped. Plain DuckDB does the least that any merge must: find the rows with those keys, and
 * write the new ones to a Parquet file; it commits nothing.
 */
final class MergePart {
    private static final int UPSERTS = 100_000;
    private static final int ROUNDS = 6;
    private static final int LOAD = 1_000_000;
    private static final String MEMORY = "1GB";
    private static final int THREADS = 2;

    private final Path folder;
    private final Contract contract;
    private final long rows;
    private final String indexMemory;
    private final String name;
    private int round;
    private long nextNew;

    private MergePart(Path folder, String name, long rows, boolean vectors, String indexMemory) {
        this.folder = folder;
        this.name = name;
        this.rows = rows;
        this.nextNew = rows;
        this.indexMemory = indexMemory;
        this.contract = Shapes.table(
                "orders",
                List.of("booking_id"),
                "updated_at",
                vectors,
                "id LONG",
                "booking_id STRING",
                "customer_id STRING",
                "product_id INTEGER",
                "amount DOUBLE",
                "event_time TIMESTAMP",
                "updated_at TIMESTAMP");
    }

    /** @param folder for the lakes of this part */
    static List<Figure> millions(Path folder) throws Exception {
        List<Figure> figures = new ArrayList<>();
        figures.addAll(new MergePart(folder.resolve("1m"), "1 million rows", 1_000_000, true, "512MB").run());
        figures.addAll(new MergePart(folder.resolve("10m"), "10 million rows", 10_000_000, true, "512MB").run());
        return figures;
    }

    static List<Figure> copyOnWrite(Path folder) throws Exception {
        return new MergePart(folder, "10 million rows, no deletion vectors", 10_000_000, false, "512MB").run();
    }

    static List<Figure> scanned(Path folder) throws Exception {
        return new MergePart(folder, "10 million rows, no memory for an index", 10_000_000, true, "0MB").run();
    }

    static List<Figure> fifty(Path folder) throws Exception {
        return new MergePart(folder, "50 million rows", 50_000_000, true, "2GB").run();
    }

    private List<Figure> run() throws Exception {
        Files.createDirectories(folder);
        Contracts contracts = new Contracts(List.of(contract));
        List<Double> merges = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        double restarted;
        long indexBytes;
        try (MergeInProcess lake = new MergeInProcess(folder, contracts, MEMORY, THREADS, indexMemory)) {
            long before = System.nanoTime();
            for (long from = 0; from < rows; from += LOAD) {
                lake.merge(contract.table(), rows("range(%d, %d) t(i)".formatted(from, from + LOAD)));
            }
            System.out.printf("  %s: loaded in %.1f s%n", name, seconds(before));
            for (int i = 0; i < ROUNDS; i++) {
                String batch = batch();
                // Before the merge, which adds the very keys: both find the same rows in the same files.
                plain.add(plainDuckDb(batch));
                merges.add(merge(lake, batch));
                System.out.printf("  merge %.2f s, plain DuckDB %.2f s%n", merges.getLast(), plain.getLast());
            }
            indexBytes = lake.indexBytes();
        }
        try (MergeInProcess lake = new MergeInProcess(folder, contracts, MEMORY, THREADS, indexMemory)) {
            restarted = merge(lake, batch());
            double longest = 0;
            for (int i = 0; i < 12; i++) {
                longest = Math.max(longest, merge(lake, batch()));
            }
            System.out.printf(
                    "  after a restart: first merge %.2f s, the longest of the next 12 (beside them the index is filled) %.2f s%n",
                    restarted, longest);
        }
        double floor = median(plain);
        return List.of(
                Figure.of(
                        "merge of 100,000 upserts into " + name
                                + (indexBytes == 0
                                        ? ""
                                        : String.format(Locale.ROOT, " (index %,d MB)", indexBytes >> 20)),
                        median(merges),
                        "s",
                        "plain DuckDB, find the keys and write the rows, no commit",
                        floor),
                Figure.of("the first after a restart, " + name, restarted, "s", "plain DuckDB", floor));
    }

    private double merge(MergeInProcess lake, String batch) {
        long before = System.nanoTime();
        MergeOutcome outcome = lake.merge(contract.table(), batch);
        double seconds = seconds(before);
        MergeOutcome.Counts counts = outcome.counts();
        if (counts.inserted() != UPSERTS / 2 || counts.updated() != UPSERTS / 2) {
            throw new IllegalStateException("not what was asked: " + outcome);
        }
        return seconds;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
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
                        .formatted(rows / (UPSERTS / 2), round, UPSERTS / 2, nextNew, nextNew + UPSERTS / 2);
        nextNew += UPSERTS / 2;
        return rows(keys);
    }

    private String rows(String from) {
        return """
                SELECT i::BIGINT AS id, 'b-' || hash(i) AS booking_id, (i %% 5000)::VARCHAR AS customer_id,
                  (i %% 97)::INTEGER AS product_id, ((i * 7919) %% 100000 / 100.0)::DOUBLE AS amount,
                  to_timestamp(1700000000 + i) AS event_time, to_timestamp(1800000000::BIGINT + %d) AS updated_at
                FROM %s
                """.formatted(round, from);
    }

    private double plainDuckDb(String batch) throws SQLException, IOException {
        String rows = new LakeReader(folder.resolve("lake")).select("silver.orders", "filename", "file_row_number");
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
            double seconds = seconds(before);
            Files.delete(written);
            if (found < UPSERTS / 2) {
                throw new IllegalStateException("plain DuckDB found only " + found + " rows");
            }
            return seconds;
        }
    }
}
