package dev.wadi.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A table whose contract turns deletion vectors off is read by Delta Standalone, which knows only the oldest protocol. */
@ExtendWith(SharedSpark.class)
class StandaloneInterop {
    private final Spark spark;

    @TempDir
    Path folder;

    StandaloneInterop(Spark spark) {
        this.spark = spark;
    }

    @Test
    void readsATableWithoutDeletionVectors() throws Exception {
        String[] columns = {
            "s STRING",
            "b BOOLEAN",
            "i INTEGER",
            "l LONG",
            "d DOUBLE",
            "huge DECIMAL(38,10)",
            "day DATE",
            "doc JSON",
            "label STRING partitioned"
        };
        // Within its limits: 20 digits before the point, and no day that java.sql.Date does not have.
        String select = """
                SELECT id, seq, s, b, i, l, d,
                  greatest(-12345678901234567890.5, least(12345678901234567890.5, huge)) AS huge,
                  CASE WHEN "day" <> DATE '1582-10-10' THEN "day" END AS "day", doc, 'a/b ' || (%s) AS label
                FROM (%s)
                """;
        try (Wadi wadi = new Wadi(folder, "plain", false, columns)) {
            wadi.merge(select.formatted("length(id)", EveryType.rows(1, "", EveryType.MOST_VALUES)));
            while (wadi.version() < 105) {
                long version = wadi.version();
                wadi.merge(select.formatted(
                        "length(id) % 2", EveryType.rows(version, "-" + version % 9, 2, (int) version)));
            }
            assertThat(wadi.filesWithVector()).isZero();
            List<String> rows = wadi.rows();
            assertThat(spark.standaloneRows(wadi.folder())).isEqualTo(rows);
            assertThat(spark.rows(wadi.folder())).isEqualTo(rows);
            System.out.printf(
                    "Delta Standalone: version %d, %d rows in %d files, read equal%n",
                    wadi.version(), rows.size(), wadi.files());
        }
    }

    /**
     * What Delta Standalone 3.3.2 cannot read, whoever wrote it: a decimal that Parquet stores as an integer is taken for that
     * integer, and of timestamps it knows only those of 96 bits. Should a newer one know better, the documentation changes.
     */
    @Test
    void knowsNeitherShortDecimalsNorTimestampsOfSixtyFourBits() throws Exception {
        try (Wadi wadi = new Wadi(folder, "decimals", false, "price DECIMAL(18,2)")) {
            wadi.merge("SELECT 'k' AS id, 1 AS seq, 1.25 AS price");
            assertThat(spark.rows(wadi.folder())).containsExactly("k | 1 | 1.25");
            assertThat(spark.standaloneRows(wadi.folder())).containsExactly("k | 1 | 125.00");
        }
        Path table = folder.resolve("spark_decimals");
        spark.ask(table, "CREATE TABLE %s USING delta AS SELECT CAST(1.25 AS DECIMAL(18,2)) AS price");
        assertThat(spark.standaloneRows(table)).containsExactly("125.00");

        try (Wadi wadi = new Wadi(folder, "times", false, "t TIMESTAMP")) {
            wadi.merge("SELECT 'k' AS id, 1 AS seq, TIMESTAMPTZ '2026-11-20 08:00:00+00' AS t");
            assertThat(spark.rows(wadi.folder())).containsExactly("k | 1 | 2026-11-20T08:00:00Z");
            assertThatThrownBy(() -> spark.standaloneRows(wadi.folder())).hasMessageContaining("decodeLocalDateTime");
        }
        Path times = folder.resolve("spark_times");
        spark.ask("SET spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS");
        spark.ask(times, "CREATE TABLE %s USING delta AS SELECT TIMESTAMP'2026-11-20 08:00:00' AS t");
        spark.ask("RESET spark.sql.parquet.outputTimestampType");
        assertThatThrownBy(() -> spark.standaloneRows(times)).hasMessageContaining("decodeLocalDateTime");
    }
}
