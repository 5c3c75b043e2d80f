package dev.wadi.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables that Wadi wrote read equal in Spark. */
@ExtendWith(SharedSpark.class)
class WadiWritesInterop {
    private static final String[] TRICKY = {
        "''",
        "'plain'",
        "'with space'",
        "'trailing '",
        "'a/b'",
        "'a=b'",
        "'100%'",
        "'per%20cent'",
        "'#what?'",
        "'a+b&c'",
        "'a:b'",
        "'..'",
        "'it''s \"quoted\"'",
        "'back\\slash'",
        "'{a,b}[c]'",
        "'line' || chr(10) || 'break'",
        "'ünïcödé 日本 🙂'"
    };

    private final Spark spark;

    @TempDir
    Path folder;

    WadiWritesInterop(Spark spark) {
        this.spark = spark;
    }

    private void readsEqual(Wadi wadi, String what) throws SQLException {
        List<String> rows = wadi.rows();
        assertThat(spark.rows(wadi.folder())).as(what).isEqualTo(rows);
        assertThat(rows).as(what).isNotEmpty();
        System.out.printf(
                "%s: version %d, %d rows in %d files, %d with a deletion vector, read equal%n",
                what, wadi.version(), rows.size(), wadi.files(), wadi.filesWithVector());
    }

    @Test
    void everyTypeAndEveryStatistic() throws Exception {
        try (Wadi wadi = new Wadi(folder, "types", true, EveryType.COLUMNS)) {
            wadi.merge(EveryType.rows(0, "", EveryType.MOST_VALUES));
            // files of one row, so that statistics leave most of them out of a filter
            for (int i = 0; i < EveryType.MOST_VALUES; i++) {
                wadi.merge(EveryType.rows(1, "-" + i, 1, i));
            }
            readsEqual(wadi, "every type");

            wadi.merge(EveryType.rows(2, "", 7));
            assertThat(wadi.filesWithVector()).isPositive();
            readsEqual(wadi, "every type, with deletion vectors");
            new Filters(wadi, spark).readEqual();
        }
    }

    @Test
    void smallNumbersBytesObjectsAndArrays() throws Exception {
        String place =
                "{name: place, logicalType: object, physicalType: STRUCT, properties: [{name: city, logicalType: string, physicalType: STRING}, {name: lat, logicalType: number, physicalType: DOUBLE}]}";
        String tags =
                "{name: tags, logicalType: array, physicalType: ARRAY, items: {logicalType: string, physicalType: STRING}}";
        try (Wadi wadi = new Wadi(folder, "nested", true, "small SMALLINT", "f FLOAT", "bytes BINARY", place, tags)) {
            String rows = """
                    SELECT 'k' || i AS id, $1 AS seq, ([0, -32768, 32767, NULL])[1 + i % 4] AS small,
                      ([0.5::FLOAT, '-0.0'::FLOAT, 'nan'::FLOAT, NULL])[1 + i % 4] AS f,
                      ([''::BLOB, '\\x00\\xFF'::BLOB, NULL])[1 + i % 3] AS bytes,
                      ([{'city': 'Malmö', 'lat': 55.6}, {'city': NULL, 'lat': NULL}, NULL])[1 + (i + $1) % 3] AS place,
                      ([['a', NULL, 'ü'], [], NULL])[1 + i % 3] AS tags FROM range($2) t(i)
                    """;
            wadi.merge(rows.replace("$1", "0").replace("$2", "24"));
            wadi.merge(rows.replace("$1", "1").replace("$2", "7"));
            assertThat(wadi.filesWithVector()).isPositive();
            String columns =
                    "SELECT id, seq, small, f, hex(bytes), place IS NULL, place.city, place.lat, tags IS NULL, ";
            List<String> mine = Rows.of(
                    wadi.ask(columns + "CASE WHEN tags IS NOT NULL THEN len(tags) END, tags[1], tags[3] FROM %s"));
            assertThat(Rows.of(spark.ask(
                                    wadi.folder(),
                                    columns
                                            + "CASE WHEN tags IS NOT NULL THEN size(tags) END, get(tags, 0), get(tags, 2) FROM %s")
                            .rows()))
                    .isEqualTo(mine)
                    .hasSize(24);
        }
    }

    @Test
    void partitionsByDateAndText() throws Exception {
        try (Wadi wadi =
                new Wadi(folder, "parts", true, "day DATE partitioned", "label STRING partitioned", "n INTEGER")) {
            String labels = String.join(", ", TRICKY);
            String rows =
                    """
                    SELECT 'k' || i AS id, $1 AS seq,
                      ([NULL, DATE '0001-01-01', DATE '2026-02-28'])[1 + i % 3] AS day,
                      ([$2, NULL])[1 + (i + $1) % $3] AS label, i AS n FROM range($4) t(i)
                    """.replace("$2", String.join(", ", TRICKY)).replace("$3", Integer.toString(TRICKY.length + 1));
            wadi.merge(rows.replace("$1", "0").replace("$4", "120"));
            readsEqual(wadi, "partitions");
            for (String label : TRICKY) {
                String count = "SELECT count(*), sum(n) FROM %s WHERE label = ";
                List<List<@Nullable String>> mine = wadi.ask(count + label);
                assertThat(mine.getFirst().getFirst()).as(label).isNotEqualTo("0");
                String text = wadi.ask("SELECT " + label).getFirst().getFirst();
                assertThat(spark.ask(wadi.folder(), count + EveryType.sparkText(text))
                                .rows())
                        .as(label)
                        .isEqualTo(mine);
            }
            wadi.merge(rows.replace("$1", "1").replace("$4", "60"));
            readsEqual(wadi, "partitions, rows moved between them");
            assertThat(Rows.of(spark.ask(wadi.folder(), "SELECT id FROM %s WHERE day IS NULL AND label IS NULL")
                            .rows()))
                    .isEqualTo(Rows.of(wadi.ask("SELECT id FROM %s WHERE day IS NULL AND label IS NULL")));
        }
    }

    @Test
    void partitionsByOtherTypes() throws Exception {
        try (Wadi wadi = new Wadi(
                folder,
                "other_parts",
                true,
                "flag BOOLEAN partitioned",
                "small INTEGER partitioned",
                "large LONG partitioned",
                "price DECIMAL(38,10) partitioned",
                "n INTEGER")) {
            wadi.merge("SELECT 'k' || i AS id, 1 AS seq, ([true, false, NULL])[1 + i % 3] AS flag,"
                    + " ([-2147483648, 2147483647, NULL])[1 + i % 3] AS small,"
                    + " ([-9223372036854775808, 9223372036854775807, NULL])[1 + i % 3] AS large,"
                    + " ([-1234567890123456789012345678.0123456789, 0, 0.1, NULL]::DECIMAL(38,10)[])[1 + i % 4] AS price,"
                    + " i AS n FROM range(24) t(i)");
            wadi.merge(
                    "SELECT 'k' || i AS id, 2 AS seq, true AS flag, 7 AS small, NULL AS large, 0.5 AS price, i AS n FROM range(5) t(i)");
            readsEqual(wadi, "partitions of other types");
        }
    }

    @Test
    void checkpointsThatCoverAllOrAPartOfTheLog() throws Exception {
        try (Wadi wadi = new Wadi(folder, "long_log", true, "n INTEGER", "label STRING partitioned")) {
            while (wadi.version() < 100) {
                mergeSmall(wadi);
            }
        }
        try (Wadi wadi = new Wadi(folder, "long_log", true, "n INTEGER", "label STRING partitioned")) {
            Path log = wadi.folder().resolve("_delta_log");
            assertThat(Files.exists(log.resolve("_last_checkpoint"))).isTrue();
            deleteEntries(log, 100);
            readsEqual(wadi, "a log of nothing but a checkpoint");
            while (wadi.version() < 115) {
                mergeSmall(wadi);
            }
            readsEqual(wadi, "a checkpoint and 15 entries");
            assertThat(wadi.compact()).isPositive();
            readsEqual(wadi, "a checkpoint, 15 entries and compactions");
        }
    }

    private static void mergeSmall(Wadi wadi) {
        long version = wadi.version();
        wadi.merge(
                "SELECT 'k' || ((i * 7 + %d) %% 40) AS id, %d AS seq, i AS n, 'l' || (i %% 2) AS label FROM range(3) t(i)"
                        .formatted(version, version));
    }

    private static void deleteEntries(Path log, int below) throws IOException {
        try (Stream<Path> entries = Files.list(log)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (name.matches("\\d{20}\\.(json|crc)") && Integer.parseInt(name.substring(0, 20)) < below) {
                    Files.delete(entry);
                }
            }
        }
    }

    @Test
    void compactedFiles() throws Exception {
        try (Wadi wadi = new Wadi(folder, "compacted", true, EveryType.COLUMNS)) {
            for (int i = 0; i < 20; i++) {
                wadi.merge(EveryType.rows(i, "-" + i, 3, i));
            }
            assertThat(wadi.compact()).isPositive();
            wadi.merge(EveryType.rows(20, "-0", 5, 3));
            readsEqual(wadi, "compacted");
        }
    }
}
