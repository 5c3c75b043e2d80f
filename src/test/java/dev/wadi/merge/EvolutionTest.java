package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.engine.Pin;
import dev.wadi.proof.LakeReader;
import dev.wadi.table.TableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A contract changes, and the table with it, or says why not. */
class EvolutionTest {
    private static final TableName TABLE = new TableName("silver", "things");

    @TempDir
    Path folder;

    /** @param columns {@code name type}, the type as {@link #type} reads it */
    private static Contract contract(Merging merging, List<String> partitionBy, boolean vectors, String... columns) {
        List<Column> all = new ArrayList<>();
        for (String column : columns) {
            String[] words = column.split(" ", 2);
            boolean required = words[0].equals("id") || words[0].equals("seq");
            all.add(MergeFixture.column(words[0], type(words[1]), required, false));
        }
        return new Contract(
                TABLE,
                "things",
                all,
                List.of("id"),
                merging,
                partitionBy,
                List.of(),
                null,
                vectors,
                Path.of("t.odcs.yaml"));
    }

    private static Contract contract(String... columns) {
        return contract(Merging.newest(List.of("seq")), List.of(), true, columns);
    }

    /** {@code LONG}, {@code DECIMAL(5,2)}, {@code [LONG]}, {@code {x LONG; y [DATE]}}. */
    private static ColumnType type(String text) {
        if (text.startsWith("[")) {
            return new ColumnType.Array(type(text.substring(1, text.length() - 1)));
        }
        if (text.startsWith("{")) {
            List<ColumnType.Struct.Field> fields = new ArrayList<>();
            for (String field : text.substring(1, text.length() - 1).split("; ")) {
                String[] words = field.split(" ", 2);
                fields.add(new ColumnType.Struct.Field(words[0], type(words[1]), ""));
            }
            return new ColumnType.Struct(fields);
        }
        if (text.startsWith("DECIMAL")) {
            String[] digits = text.replaceAll("[^0-9,]", "").split(",");
            return new ColumnType.Decimal(Integer.parseInt(digits[0]), Integer.parseInt(digits[1]));
        }
        return ColumnType.Simple.valueOf(text);
    }

    @Test
    void columnsAndFieldsAreAddedAndTypesWidenedWhileOldFilesStay() throws IOException {
        Contract before = contract(
                "id INTEGER",
                "seq LONG",
                "n INTEGER",
                "f FLOAT",
                "d DECIMAL(5,2)",
                "s {x INTEGER; y DATE}",
                "l [INTEGER]",
                "ls [{x INTEGER}]");
        Contract after = contract(
                "id LONG",
                "note STRING",
                "seq LONG",
                "n DECIMAL(12,2)",
                "f DOUBLE",
                "d DECIMAL(8,3)",
                "s {x LONG; z [STRING]; y DATE}",
                "l [LONG]",
                "ls [{x LONG; w STRING}]",
                "more {a INTEGER}");
        String rows =
                "SELECT %d + range AS id, %d AS seq, 7 AS n, 1.5 AS f, 1.25 AS d, {'x': 1, 'y': DATE '2026-01-01'} AS s, [1, NULL] AS l, [{'x': 1}] AS ls FROM range(10)";
        long old;
        try (MergeFixture wadi = new MergeFixture(folder, before)) {
            wadi.merge(before, rows.formatted(0, 1));
            wadi.merge(before, rows.formatted(8, 2));
            old = wadi.lake.table(TABLE).latest().version();
        }
        try (MergeFixture wadi = new MergeFixture(folder, after)) {
            String all = "id, seq, n, f, d, s, l::VARCHAR, ls::VARCHAR, note, more";
            String first = "0|1|7.00|1.5|1.250|{'x': 1, 'y': 2026-01-01, 'z': NULL}|[1, NULL]|[{'x': 1, 'w': NULL}]";
            assertThat(wadi.rows(TABLE, all)).hasSize(18).contains(first, first.replaceFirst("0.1", "9|2"));

            wadi.merge(
                    after,
                    "SELECT 5000000000 + range AS id, 'new' AS note, 3 AS seq, 12345.67 AS n, 0.1 AS f, 99999.999 AS d,"
                            + " {'x': 5000000000, 'z': ['z'], 'y': NULL} AS s, [5000000000] AS l, [{'x': 5000000000, 'w': 'w'}] AS ls, {'a': 1} AS more FROM range(20)");
            wadi.merge(
                    after,
                    "SELECT 0 AS id, 'changed' AS note, 4 AS seq, NULL AS n, NULL AS f, NULL AS d, NULL AS s, NULL AS l, NULL AS ls, NULL AS more");
            List<String> now = wadi.rows(TABLE, all);
            assertThat(now).hasSize(38).contains("0|4|changed", first.replaceFirst("0.1", "1|1"));
            assertThat(now)
                    .contains(
                            "5000000000|3|12345.67|0.1|99999.999|{'x': 5000000000, 'y': NULL, 'z': [z]}|[5000000000]|[{'x': 5000000000, 'w': w}]|new|{'a': 1}");
            assertThat(new LakeReader(folder.resolve("lake")).rows(TABLE.toString()))
                    .hasSize(38);

            for (int i = 0; i < 20; i++) {
                wadi.merge(
                        after,
                        "SELECT %d AS id, 'small' AS note, 3 AS seq, NULL AS n, NULL AS f, NULL AS d, NULL AS s, NULL AS l, NULL AS ls, NULL AS more"
                                .formatted(100 + i));
            }
            assertThat(new Compactions(wadi.merger).compact(TABLE)).isTrue();
            assertThat(wadi.rows(TABLE, all)).hasSize(58).containsAll(now);

            try (Pin pin = wadi.reader.pin(Map.of(TABLE, old))) {
                assertThat(MergeFixture.query(
                                pin, "SELECT DISTINCT typeof(id) || typeof(s) || typeof(d) FROM silver.things"))
                        .containsExactly("INTEGERSTRUCT(x INTEGER, y DATE)DECIMAL(5,2)");
                assertThat(MergeFixture.query(pin, "SELECT count(*) FROM silver.things"))
                        .containsExactly("18");
            }
        }
    }

    @Test
    void aPartitionColumnIsWidenedToo() {
        Merging newest = Merging.newest(List.of("seq"));
        Contract before = contract(newest, List.of("p"), true, "id STRING", "seq LONG", "p INTEGER");
        Contract after = contract(newest, List.of("p"), true, "id STRING", "seq LONG", "p LONG");
        try (MergeFixture wadi = new MergeFixture(folder, before)) {
            wadi.merge(before, "SELECT 'a' AS id, 1 AS seq, 7 AS p UNION ALL SELECT 'b', 1, NULL");
        }
        try (MergeFixture wadi = new MergeFixture(folder, after)) {
            wadi.merge(after, "SELECT 'a' AS id, 2 AS seq, 5000000000 AS p");
            assertThat(wadi.rows(TABLE, "id, p")).containsExactly("a|5000000000", "b");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n LONG    | n INTEGER      | silver.things: the table has n as BIGINT, but its contract (t.odcs.yaml) says INTEGER. A type can only become one that holds every value of it, such as INTEGER a BIGINT. Write BIGINT, or give the column a new name",
                "n LONG    | n DOUBLE       | the table has n as BIGINT, but its contract (t.odcs.yaml) says DOUBLE.",
                "n LONG    | n DECIMAL(19,0) | the table has n as BIGINT, but its contract (t.odcs.yaml) says DECIMAL(19,0).",
                "n DECIMAL(10,2) | n DECIMAL(11,4) | the table has n as DECIMAL(10,2), but its contract (t.odcs.yaml) says DECIMAL(11,4).",
                "n DATE    | n TIMESTAMP    | the table has n as DATE, but its contract (t.odcs.yaml) says TIMESTAMPTZ.",
                "n STRING  | n [STRING]     | the table has n as VARCHAR, but its contract (t.odcs.yaml) says VARCHAR[].",
                "n {x LONG; y DATE} | n {x LONG} | the table has the field n.y, but its contract (t.odcs.yaml) does not. What it holds would be lost.",
                "n [{x LONG}] | n [{x STRING}] | the table has n[].x as BIGINT, but its contract (t.odcs.yaml) says VARCHAR.",
                "n STRING  | m STRING       | the table has the column n (VARCHAR), but its contract (t.odcs.yaml) does not store one of that name. What it holds would be lost. Put the column back",
            })
    void whatTheRowsCannotFollowIsRefusedWithTheCure(String before, String after, String message) {
        Contract old = contract("id STRING", "seq LONG", before);
        try (MergeFixture wadi = new MergeFixture(folder, old)) {
            wadi.lake.table(old);
        }
        Contract now = contract("id STRING", "seq LONG", after);
        try (MergeFixture wadi = new MergeFixture(folder, now)) {
            assertThatThrownBy(() -> wadi.lake.table(now))
                    .isInstanceOf(TableException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void keyPartitionsAndHistoryStayWhatTheyAre() {
        Merging newest = Merging.newest(List.of("seq"));
        Contract old = contract(newest, List.of("p"), true, "id STRING", "seq LONG", "p STRING");
        try (MergeFixture wadi = new MergeFixture(folder, old)) {
            wadi.merge(old, "SELECT 'a' AS id, 1 AS seq, 'x' AS p");
        }
        refused(
                contract(newest, List.of(), true, "id STRING", "seq LONG", "p STRING"),
                "the table is partitioned by p, but its contract (t.odcs.yaml) says nothing.");
        Contract otherKey = new Contract(
                TABLE,
                "",
                old.columns(),
                List.of("id", "p"),
                newest,
                List.of("p"),
                List.of(),
                null,
                true,
                Path.of("t.odcs.yaml"));
        refused(otherKey, "the table has a row for each id, but its contract (t.odcs.yaml) says for each id, p.");
        Merging history = MergeFixture.history(List.of("seq"), Set.of(), null);
        refused(
                contract(history, List.of("p"), true, "id STRING", "seq LONG", "p STRING"),
                "silver.things has rows without a history, but its contract (t.odcs.yaml) asks for one.");
    }

    private void refused(Contract contract, String message) {
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            assertThatThrownBy(() -> wadi.lake.table(contract))
                    .isInstanceOf(TableException.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void aTableForTheOldestReadersGainsColumnsWhenItsContractLetsItGo() {
        Merging newest = Merging.newest(List.of("seq"));
        Contract old = contract(newest, List.of(), false, "id STRING", "seq LONG", "n INTEGER");
        try (MergeFixture wadi = new MergeFixture(folder, old)) {
            wadi.merge(old, "SELECT 'a' AS id, 1 AS seq, 1 AS n");
        }
        refused(
                contract(newest, List.of(), false, "id STRING", "seq LONG", "n INTEGER", "m STRING"),
                "cannot be changed as its contract (t.odcs.yaml) says: gained m. With 'deletionVectors: false'");
        Contract free = contract(newest, List.of(), true, "id STRING", "seq LONG", "n LONG", "m STRING");
        try (MergeFixture wadi = new MergeFixture(folder, free)) {
            wadi.merge(free, "SELECT 'a' AS id, 2 AS seq, 5000000000 AS n, 'm' AS m UNION ALL SELECT 'b', 1, 1, NULL");
            assertThat(wadi.rows(TABLE, "id, n, m")).containsExactly("a|5000000000|m", "b|1");
        }
    }
}
