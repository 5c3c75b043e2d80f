package dev.wadi.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.merge.ChangeBatch;
import dev.wadi.merge.ChangeFeed;
import dev.wadi.merge.MergeOutcome;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wadi merges into tables that Spark made or changed, and both read the result equal. */
@ExtendWith(SharedSpark.class)
class SparkWritesInterop {
    private static final String[] COLUMNS = {"n INTEGER", "note STRING", "day DATE partitioned"};

    private final Spark spark;

    @TempDir
    Path folder;

    SparkWritesInterop(Spark spark) {
        this.spark = spark;
    }

    private List<String> readsEqual(Wadi wadi, String what) throws SQLException {
        List<String> rows = wadi.rows();
        assertThat(spark.rows(wadi.folder())).as(what).isEqualTo(rows);
        assertThat(rows).as(what).isNotEmpty();
        System.out.printf(
                "%s: version %d, %d rows in %d files, %d with a deletion vector, read equal%n",
                what, wadi.version(), rows.size(), wadi.files(), wadi.filesWithVector());
        return rows;
    }

    /** Keys k0, k1, ... up to {@code count}, some of them with all values null. */
    private static String rows(int sequence, int count) {
        return """
                SELECT 'k' || i AS id, %d AS seq, CASE WHEN i %% 5 > 0 THEN i END AS n, 'wadi ' || i AS note,
                  CASE WHEN i %% 4 > 0 THEN DATE '2026-02-27' + (i %% 4)::INTEGER END AS "day" FROM range(%d) t(i)
                """.formatted(sequence, count);
    }

    /** Two thirds of the keys up to {@code count}: the old ones are updated wherever Spark has put them, the others inserted. */
    private static void mergeOn(Wadi wadi, int sequence, int count) throws SQLException {
        String batch = "SELECT * FROM (%s) WHERE substr(id, 2)::INTEGER %% 3 > 0".formatted(rows(sequence, count));
        String known = wadi.ask("SELECT count(*) FROM %s WHERE id IN (SELECT id FROM (" + batch + "))")
                .getFirst()
                .getFirst();
        MergeOutcome.Counts counts = wadi.merge(batch).counts();
        assertThat(counts.updated()).asString().isEqualTo(known);
        assertThat(counts.inserted()).isEqualTo(counts.received() - counts.updated());
        assertThat(wadi.merge(batch).counts().duplicate()).isEqualTo(counts.received());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sparkChangesATableOfWadi(boolean deletionVectors) throws Exception {
        String vectors = deletionVectors ? "deletion vectors" : "no deletion vectors";
        try (Wadi wadi = new Wadi(folder, "changed", deletionVectors, COLUMNS)) {
            wadi.merge(rows(1, 40));
            spark.ask(wadi.folder(), "UPDATE %s SET note = 'spark' WHERE n % 10 = 3");
            List<String> updated = readsEqual(wadi, vectors + ", UPDATE");
            assertThat(updated.stream().filter(row -> row.contains("spark"))).hasSize(4);
            spark.ask(wadi.folder(), "DELETE FROM %s WHERE id IN ('k7', 'k8', 'k9') OR day = DATE'2026-02-28'");
            assertThat(readsEqual(wadi, vectors + ", DELETE")).hasSizeLessThan(38);
            spark.ask(wadi.folder(), """
                    MERGE INTO %s t USING (SELECT 'k' || id AS id, 2 AS seq, 7 AS n, 'merged' AS note, DATE'2026-03-01' AS day
                      FROM range(30, 50)) s ON t.id = s.id
                    WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *
                    """);
            spark.ask(
                    wadi.folder(),
                    "INSERT INTO %s VALUES ('k50', 2, NULL, NULL, NULL), ('k51', 2, 1, 'x', DATE'2026-02-27')");
            readsEqual(wadi, vectors + ", MERGE and INSERT");
            mergeOn(wadi, 3, 60);
            readsEqual(wadi, vectors + ", Wadi's merge");
            wadi.compact();
            readsEqual(wadi, vectors + ", compacted");
        }
    }

    /** Whatever Spark does, a feed of Wadi tells the rows that are others since, and applied they make the table. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFeedTellsWhatSparkChanged(boolean deletionVectors) throws Exception {
        Map<String, String> copy = new TreeMap<>();
        try (Wadi wadi = new Wadi(folder, "followed", deletionVectors, COLUMNS);
                ChangeFeed feed = wadi.feed()) {
            wadi.merge(rows(1, 40));
            assertThat(follow(wadi, feed, copy)).isEqualTo(Map.of("insert", 40));
            spark.ask(wadi.folder(), "UPDATE %s SET note = 'spark' WHERE n % 10 = 3");
            assertThat(follow(wadi, feed, copy)).isEqualTo(Map.of("update_preimage", 4, "update_postimage", 4));
            spark.ask(wadi.folder(), "DELETE FROM %s WHERE id IN ('k7', 'k8', 'k9')");
            assertThat(follow(wadi, feed, copy)).isEqualTo(Map.of("delete", 3));
            spark.ask(wadi.folder(), """
                    MERGE INTO %s t USING (SELECT 'k' || id AS id, 2 AS seq, 7 AS n, 'merged' AS note, DATE'2026-03-01' AS day
                      FROM range(30, 50)) s ON t.id = s.id
                    WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *
                    """);
            assertThat(follow(wadi, feed, copy))
                    .isEqualTo(Map.of("update_preimage", 10, "update_postimage", 10, "insert", 10));
            spark.ask(wadi.folder(), "OPTIMIZE %s");
            assertThat(follow(wadi, feed, copy)).isEmpty();
            wadi.merge(rows(3, 10));
            assertThat(follow(wadi, feed, copy))
                    .isEqualTo(Map.of("update_preimage", 7, "update_postimage", 7, "insert", 3));
            spark.ask(wadi.folder(), "RESTORE TABLE %s TO VERSION AS OF 1");
            assertThat(follow(wadi, feed, copy))
                    .isEqualTo(Map.of("update_preimage", 22, "update_postimage", 22, "delete", 10));
            spark.ask(wadi.folder(), "ALTER TABLE %s ADD COLUMN (extra DOUBLE)");
            spark.ask(wadi.folder(), "UPDATE %s SET extra = n + 0.5 WHERE n = 11");
            assertThat(follow(wadi, feed, copy)).isEqualTo(Map.of("update_preimage", 1, "update_postimage", 1));
        }
    }

    /** Applies what the feed tells, and counts it by kind. */
    private static Map<String, Integer> follow(Wadi wadi, ChangeFeed feed, Map<String, String> copy)
            throws SQLException {
        Map<String, Integer> counts = new TreeMap<>();
        for (Optional<ChangeBatch> next = feed.next(); next.isPresent(); next = feed.next()) {
            for (Map<String, @Nullable Object> row : next.get().rows()) {
                String change = String.valueOf(row.get(ChangeBatch.CHANGE));
                counts.merge(change, 1, Integer::sum);
                String id = String.valueOf(row.get("id"));
                if (change.equals("delete") || change.equals("update_preimage")) {
                    assertThat(copy.remove(id)).isEqualTo(text(row));
                } else {
                    copy.put(id, text(row));
                }
            }
            feed.acknowledge();
        }
        List<String> rows = wadi
                .ask(
                        "SELECT concat_ws(' ', id, seq, coalesce(n::VARCHAR, 'null'), note, coalesce(day::VARCHAR, 'null')) FROM %s")
                .stream()
                .map(List::getFirst)
                .toList();
        assertThat(copy.values()).containsExactlyInAnyOrderElementsOf(rows);
        return counts;
    }

    private static String text(Map<String, @Nullable Object> row) {
        return "%s %s %s %s %s".formatted(row.get("id"), row.get("seq"), row.get("n"), row.get("note"), row.get("day"));
    }

    @Test
    void sparkAddsRenamesAndDropsColumns() throws Exception {
        try (Wadi wadi = new Wadi(folder, "evolved", true, COLUMNS)) {
            wadi.merge(rows(1, 20));
            spark.ask(wadi.folder(), "ALTER TABLE %s ADD COLUMN (extra DOUBLE)");
            spark.ask(wadi.folder(), "UPDATE %s SET extra = n + 0.5 WHERE n > 10");
            readsEqual(wadi, "ADD COLUMN");
            mergeOn(wadi, 2, 25);
            readsEqual(wadi, "ADD COLUMN, Wadi's merge");
            spark.ask(wadi.folder(), "ALTER TABLE %s RENAME COLUMN extra TO renamed");
            spark.ask(wadi.folder(), "UPDATE %s SET renamed = -n WHERE n < 10");
            readsEqual(wadi, "RENAME COLUMN");
            mergeOn(wadi, 3, 26);
            spark.ask(wadi.folder(), "ALTER TABLE %s DROP COLUMN renamed");
            spark.ask(wadi.folder(), "ALTER TABLE %s ADD COLUMN (renamed STRING)");
            readsEqual(wadi, "DROP COLUMN and ADD COLUMN of the same name");
            mergeOn(wadi, 4, 27);
            readsEqual(wadi, "evolved, Wadi's merge");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'delta.enableDeletionVectors' = 'true', 'delta.columnMapping.mode' = 'name'",
                "'delta.enableDeletionVectors' = 'true', 'delta.columnMapping.mode' = 'id'",
                "'delta.enableDeletionVectors' = 'true', 'delta.columnMapping.mode' = 'none'",
                "'delta.enableDeletionVectors' = 'true', 'delta.columnMapping.mode' = 'name', 'delta.checkpointPolicy' = 'v2',"
                        + " 'delta.checkpointInterval' = '2', 'delta.enableRowTracking' = 'true',"
                        + " 'delta.enableInCommitTimestamps' = 'true'"
            })
    void sparkMakesATable(String properties) throws Exception {
        try (Wadi wadi = new Wadi(folder, "foreign_made", true, COLUMNS)) {
            spark.ask(
                    wadi.folder(),
                    "CREATE TABLE %s (id STRING NOT NULL, seq BIGINT, n INT, note STRING, day DATE) USING delta"
                            + " PARTITIONED BY (day) TBLPROPERTIES (" + properties + ")");
            spark.ask(wadi.folder(), """
                    INSERT INTO %s SELECT 'k' || id, 1, CAST(id AS INT), IF(id % 3 = 0, NULL, 'spark'),
                      IF(id % 4 = 0, NULL, date_add(DATE'2026-02-27', CAST(id % 4 AS INT))) FROM range(40)
                    """);
            spark.ask(wadi.folder(), "DELETE FROM %s WHERE n IN (5, 6)");
            spark.ask(wadi.folder(), "UPDATE %s SET note = 'changed' WHERE n IN (7, 8)");
            readsEqual(wadi, "made by Spark, " + properties);
            mergeOn(wadi, 2, 60);
            readsEqual(wadi, "made by Spark, Wadi's merge");
            spark.ask(wadi.folder(), "UPDATE %s SET seq = 3, note = 'again' WHERE n < 20");
            mergeOn(wadi, 4, 70);
            readsEqual(wadi, "made by Spark, Wadi's merge, UPDATE, Wadi's merge");
        }
    }

    @Test
    void columnMappingIsSwitchedOnLater() throws Exception {
        try (Wadi wadi = new Wadi(folder, "mapped_later", true, COLUMNS)) {
            spark.ask(
                    wadi.folder(),
                    "CREATE TABLE %s USING delta PARTITIONED BY (day) TBLPROPERTIES ('delta.columnMapping.mode' = 'none') AS"
                            + " SELECT 'k' || id AS id, id AS seq, CAST(id AS INT) AS n, 'spark' AS note, DATE'2026-02-28' AS day"
                            + " FROM range(10)");
            spark.ask(
                    wadi.folder(),
                    "ALTER TABLE %s SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.enableDeletionVectors' = 'true')");
            spark.ask(wadi.folder(), "ALTER TABLE %s RENAME COLUMN note TO remark");
            spark.ask(wadi.folder(), "ALTER TABLE %s ADD COLUMN (note STRING)");
            spark.ask(wadi.folder(), "ALTER TABLE %s DROP COLUMN remark");
            readsEqual(wadi, "column mapping switched on later");
            mergeOn(wadi, 20, 15);
            readsEqual(wadi, "column mapping switched on later, Wadi's merge");
        }
    }

    @Test
    void optimizeVacuumAndHistory() throws Exception {
        try (Wadi wadi = new Wadi(folder, "kept", true, COLUMNS)) {
            for (int i = 1; i <= 6; i++) {
                wadi.merge("SELECT * FROM (%s) WHERE substr(id, 2)::INTEGER %% 12 IN (0, %d, %d)"
                        .formatted(rows(i, 72), i, i + 1));
            }
            assertThat(wadi.filesWithVector()).isPositive();
            List<String> before = readsEqual(wadi, "before OPTIMIZE");
            long version = wadi.version();
            spark.ask(wadi.folder(), "OPTIMIZE %s");
            assertThat(wadi.version()).isGreaterThan(version);
            assertThat(readsEqual(wadi, "OPTIMIZE")).isEqualTo(before);
            mergeOn(wadi, 7, 65);
            before = readsEqual(wadi, "OPTIMIZE, Wadi's merge");
            spark.ask(wadi.folder(), "REORG TABLE %s APPLY (PURGE)");
            assertThat(readsEqual(wadi, "REORG PURGE")).isEqualTo(before);
            mergeOn(wadi, 8, 66);
            before = wadi.rows();
            spark.ask(wadi.folder(), "VACUUM %s RETAIN 0 HOURS");
            assertThat(readsEqual(wadi, "VACUUM")).isEqualTo(before);
            mergeOn(wadi, 9, 70);
            readsEqual(wadi, "VACUUM, Wadi's merge");
            spark.ask(wadi.folder(), "OPTIMIZE %s ZORDER BY (n)");
            readsEqual(wadi, "ZORDER");
            List<String> operations = spark.ask(wadi.folder(), "DESCRIBE HISTORY %s").rows().stream()
                    .map(row -> row.get(0) + " " + row.get(4))
                    .toList();
            assertThat(operations).hasSize((int) wadi.version() + 1).contains("7 OPTIMIZE", "11 VACUUM START");
            System.out.println("DESCRIBE HISTORY: " + String.join(", ", operations));
        }
    }

    /** What Kernel cannot keep is refused, and the table stays as it is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ALTER TABLE %s ADD CONSTRAINT positive CHECK (n >= 0); checkConstraints",
                "ALTER TABLE %s SET TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true'); delta.enableChangeDataFeed",
                "ALTER TABLE %s SET TBLPROPERTIES ('delta.appendOnly' = 'true'); delta.appendOnly"
            })
    void refusesWhatItCannotKeep(String statement, String reason) throws Exception {
        try (Wadi wadi = new Wadi(folder, "refused", true, COLUMNS)) {
            wadi.merge(rows(1, 10).replace("CASE WHEN i % 5 > 0 THEN i END AS n", "i AS n"));
            spark.ask(wadi.folder(), statement);
            List<String> before = readsEqual(wadi, statement);
            assertThatThrownBy(() -> mergeOn(wadi, 2, 20))
                    .hasMessageContaining("silver.refused")
                    .hasMessageContaining(reason);
            assertThat(readsEqual(wadi, "refused")).isEqualTo(before);
        }
    }
}
