package dev.wadi.bench;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.merge.MergeInProcess;
import java.nio.file.Path;
import java.util.List;

/** Small commits: random updates of a large table, and a long run of commits on one table. In this process. */
final class CommitsPart {
    private static final int ROWS = 1_000_000;
    private static final int UPDATES = 1_000;
    private static final int COMMITS = 100;
    private static final int RUN = 1_000;
    private static final int SAMPLE = 50;

    private CommitsPart() {}

    static List<Figure> measure(Path folder) {
        return List.of(updates(folder.resolve("updates")), run(folder.resolve("run")));
    }

    private static Contract contract() {
        return Shapes.table(
                "orders", List.of("id"), "seq", true, "id STRING", "seq LONG", "amount DOUBLE", "note STRING");
    }

    private static String rows(String from, long sequence) {
        return "SELECT 'b-' || hash(i) AS id, %d::BIGINT AS seq, (i %% 1000 / 7.0)::DOUBLE AS amount, 'note ' || i AS note FROM %s"
                .formatted(sequence, from);
    }

    /** Compactions run between the commits, as they do in the app, and count. */
    private static Figure updates(Path folder) {
        Contract contract = contract();
        try (MergeInProcess lake = new MergeInProcess(folder, new Contracts(List.of(contract)), "1GB", 2, "512MB")) {
            lake.merge(contract.table(), rows("range(%d) t(i)".formatted(ROWS), 0));
            commits(lake, contract, 1, 20);
            long before = System.nanoTime();
            commits(lake, contract, 21, COMMITS);
            double seconds = (System.nanoTime() - before) / 1e9;
            return Figure.of(
                            "100 commits of 1,000 random updates on 1 million rows",
                            UPDATES * COMMITS / seconds,
                            "rows/s",
                            "the aim",
                            Double.NaN)
                    .atLeast(25_000);
        }
    }

    private static void commits(MergeInProcess lake, Contract contract, int first, int count) {
        for (int commit = first; commit < first + count; commit++) {
            String keys = "(SELECT DISTINCT (hash(r.i * 7919 + %d) %% %d)::BIGINT AS i FROM range(%d) r(i)) t"
                    .formatted(commit * 1_000_003L, ROWS, UPDATES);
            lake.merge(contract.table(), rows(keys, commit));
            if (commit % 16 == 0) {
                lake.compact(contract.table());
            }
        }
    }

    private static Figure run(Path folder) {
        Contract contract = contract();
        try (MergeInProcess lake = new MergeInProcess(folder, new Contracts(List.of(contract)), "1GB", 2, "512MB")) {
            double[] millis = new double[RUN];
            for (int commit = 0; commit < RUN; commit++) {
                String sql = rows("range(%d, %d) t(i)".formatted(commit * 7L, commit * 7L + 10), commit);
                long before = System.nanoTime();
                lake.merge(contract.table(), sql);
                millis[commit] = (System.nanoTime() - before) / 1e6;
                if (commit % 16 == 0) {
                    lake.compact(contract.table());
                }
            }
            return Figure.of(
                            "a commit of 10 rows, the last 50 of 1,000 in a row",
                            median(millis, RUN - SAMPLE),
                            "ms",
                            "the 50 after the first 50",
                            median(millis, SAMPLE))
                    .atMost(1.5 * median(millis, SAMPLE));
        }
    }

    private static double median(double[] millis, int from) {
        double[] sorted = java.util.Arrays.copyOfRange(millis, from, from + SAMPLE);
        java.util.Arrays.sort(sorted);
        return sorted[SAMPLE / 2];
    }
}
