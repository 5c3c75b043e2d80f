package dev.wadi.bench;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.merge.MergeOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * 600,000 mixed upserts into 60 million rows of the shape of TPC-H's lineitem at scale 10, whose key is order and line. The
 * index budget of the app does not hold so many keys, so they are found by a scan.
 */
final class LineitemPart {
    private static final int ORDERS = 15_000_000;
    private static final int LINES = 4;
    private static final int LOAD_ORDERS = 500_000;
    private static final int UPDATES = 300_000;

    private LineitemPart() {}

    static List<Figure> measure(Path folder) throws IOException {
        Contract contract = Shapes.table(
                "lineitem",
                List.of("l_orderkey", "l_linenumber"),
                "l_updated",
                true,
                "l_orderkey LONG",
                "l_partkey LONG",
                "l_suppkey LONG",
                "l_linenumber INTEGER",
                "l_quantity DECIMAL",
                "l_extendedprice DECIMAL",
                "l_discount DECIMAL",
                "l_tax DECIMAL",
                "l_returnflag STRING",
                "l_linestatus STRING",
                "l_shipdate DATE",
                "l_commitdate DATE",
                "l_receiptdate DATE",
                "l_shipinstruct STRING",
                "l_shipmode STRING",
                "l_comment STRING",
                "l_updated LONG");
        try (MergeInProcess lake = new MergeInProcess(folder, new Contracts(List.of(contract)), "1GB", 2, "512MB")) {
            for (int from = 0; from < ORDERS; from += LOAD_ORDERS) {
                lake.merge(contract.table(), rows("range(%d, %d) o(k)".formatted(from, from + LOAD_ORDERS), 0));
            }
            System.out.println("  loaded, " + peak());
            double best = Double.MAX_VALUE;
            for (int round = 1; round <= 2; round++) {
                // Half old lines, spread over all orders; half new ones.
                String orders =
                        "(SELECT (i * %d + %d)::BIGINT AS k FROM range(%d) a(i) UNION ALL SELECT %d + i FROM range(%d) b(i)) o"
                                .formatted(
                                        ORDERS / (UPDATES / LINES),
                                        round,
                                        UPDATES / LINES,
                                        ORDERS + (long) round * UPDATES,
                                        UPDATES / LINES);
                long before = System.nanoTime();
                MergeOutcome outcome = lake.merge(contract.table(), rows(orders, round));
                double seconds = (System.nanoTime() - before) / 1e9;
                System.out.printf("  %.2f s, %s: %s%n", seconds, peak(), outcome.counts());
                best = Math.min(best, seconds);
            }
            return List.of(Figure.of(
                            "600,000 mixed upserts into 60 million lineitems (" + peak() + ")",
                            best,
                            "s",
                            "delta-rs, 0.6 million mixed upserts into 60 million rows, on its makers' machine",
                            63)
                    .atMost(20));
        }
    }

    private static String rows(String orders, int sequence) {
        return """
                SELECT k AS l_orderkey, (hash(k * 8 + n) %% 2000000)::BIGINT AS l_partkey,
                  (hash(k * 8 + n + 1) %% 100000)::BIGINT AS l_suppkey, n::INTEGER AS l_linenumber,
                  (1 + hash(k + n) %% 50)::DECIMAL(15,2) AS l_quantity,
                  (hash(k * n) %% 10000000 / 100)::DECIMAL(15,2) AS l_extendedprice,
                  (k %% 11 / 100)::DECIMAL(15,2) AS l_discount, (n %% 9 / 100)::DECIMAL(15,2) AS l_tax,
                  CASE k %% 3 WHEN 0 THEN 'A' WHEN 1 THEN 'N' ELSE 'R' END AS l_returnflag,
                  if(k %% 2 = 0, 'O', 'F') AS l_linestatus,
                  DATE '1992-01-01' + (hash(k) %% 2500)::INTEGER AS l_shipdate,
                  DATE '1992-01-01' + (hash(k + 1) %% 2500)::INTEGER AS l_commitdate,
                  DATE '1992-01-01' + (hash(k + 2) %% 2500)::INTEGER AS l_receiptdate,
                  CASE k %% 4 WHEN 0 THEN 'DELIVER IN PERSON' WHEN 1 THEN 'COLLECT COD' WHEN 2 THEN 'NONE' ELSE 'TAKE BACK RETURN' END AS l_shipinstruct,
                  CASE (k + n) %% 7 WHEN 0 THEN 'AIR' WHEN 1 THEN 'RAIL' WHEN 2 THEN 'SHIP' WHEN 3 THEN 'TRUCK' WHEN 4 THEN 'MAIL' WHEN 5 THEN 'FOB' ELSE 'REG AIR' END AS l_shipmode,
                  'carefully final ' || (hash(k * 31 + n) %% 1000000) AS l_comment, %d::BIGINT AS l_updated
                FROM %s, range(1, %d) l(n)
                """.formatted(sequence, orders, LINES + 1);
    }

    /** The most memory that this process has had so far. */
    static String peak() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return "peak RSS " + Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MB";
            }
        }
        return "peak RSS unknown";
    }
}
