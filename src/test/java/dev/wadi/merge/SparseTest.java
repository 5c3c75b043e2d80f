package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What updates with nulls do, rule by rule. The columns {@code one} and {@code two} are sparse, {@code dense} is not. */
class SparseTest {
    private static final Contract THINGS = SparseModelTest.things(true, false, List.of("major"));

    @TempDir
    Path folder;

    private static String put(int seq, @Nullable Integer one, @Nullable Integer two, @Nullable Integer dense) {
        return event(seq, "U", one, two, dense);
    }

    private static String delete(int seq) {
        return event(seq, "D", null, null, null);
    }

    private static String event(
            int seq, String op, @Nullable Integer one, @Nullable Integer two, @Nullable Integer dense) {
        return "SELECT 1 AS id, %d AS major, 0 AS minor, '%s' AS op, %s AS one, %s AS two, %s AS dense, NULL AS \"day\""
                .formatted(seq, op, one, two, dense);
    }

    private static MergeOutcome.Counts merge(MergeFixture wadi, String... events) {
        return wadi.merge(THINGS, String.join(" UNION ALL ", events)).counts();
    }

    private static List<String> oneByOne(MergeFixture wadi, String... events) {
        List<String> became = new ArrayList<>();
        for (String event : events) {
            MergeOutcome.Counts counts = merge(wadi, event);
            became.add((counts.inserted() == 1 ? "inserted" : "")
                    + (counts.updated() == 1 ? "updated" : "")
                    + (counts.deleted() == 1 ? "deleted" : "")
                    + (counts.buried() == 1 ? "buried" : "")
                    + (counts.stale() == 1 ? "stale" : "")
                    + (counts.duplicate() == 1 ? "duplicate" : "")
                    + (counts.tied() == 1 ? "tied" : ""));
        }
        return became;
    }

    /** {@code sequence: one two dense}. */
    private static List<String> things(MergeFixture wadi) {
        return wadi.rows(
                SparseModelTest.THINGS,
                "major || ': ' || coalesce(one::VARCHAR, '-') || ' ' || coalesce(two, '-') || ' '"
                        + " || coalesce(dense::VARCHAR, '-')");
    }

    /** The plan is worked out in tables whose names stand in braces in its SQL, such as {@code {row}}. */
    @Test
    void bracesInTheFolderOfTheLakeStandForNoTable() {
        try (MergeFixture wadi = new MergeFixture(folder.resolve("{row}"), THINGS)) {
            merge(wadi, put(2, 10, 20, 30), delete(5));
            assertThat(merge(wadi, put(3, 1, 1, 1)).stale()).isOne();
        }
    }

    @Test
    void bracesInAPartitionStandForNoTable() {
        List<Column> columns = new ArrayList<>(THINGS.columns());
        columns.add(MergeFixture.column("note", ColumnType.Simple.STRING, false, false));
        Contract byText = MergeFixture.contract(
                THINGS.table(), columns, THINGS.primaryKey(), THINGS.merging(), List.of("note"), true);
        try (MergeFixture wadi = new MergeFixture(folder, byText)) {
            String event = "SELECT 1 AS id, %d AS major, 0 AS minor, 'U' AS op, %s AS one, %s AS two, 1 AS dense,"
                    + " NULL AS \"day\", '{row}' AS note";
            wadi.merge(byText, event.formatted(2, "10", "NULL"));
            wadi.merge(byText, event.formatted(1, "9", "8"));
            assertThat(wadi.rows(SparseModelTest.THINGS, "major, one, two, note"))
                    .containsExactly("2|10|8|{row}");
        }
    }

    /** Of rows at one sequence in a batch the first stands; where the table has one of that sequence already, that one does. */
    @Test
    void whatRepeatsTheTableIsNoTieBecauseOfWhatCameBeforeItInTheBatch() {
        try (MergeFixture wadi = new MergeFixture(folder, THINGS)) {
            merge(wadi, put(2, 10, 20, 30));
            MergeOutcome.Counts counts = merge(wadi, put(2, 11, 20, 30), put(2, 10, 20, 30), put(2, 11, 20, 30));
            assertThat(List.of(counts.tied(), counts.duplicate())).containsExactly(2L, 1L);
            counts = merge(wadi, delete(1), delete(5), put(5, 1, 1, 1));
            assertThat(List.of(counts.tied(), counts.duplicate())).containsExactly(1L, 0L);
            counts = merge(wadi, put(5, 1, 1, 1), delete(5), put(4, 1, 1, 1), put(4, 2, 1, 1));
            assertThat(List.of(counts.tied(), counts.duplicate(), counts.stale()))
                    .containsExactly(1L, 1L, 2L);
            assertThat(things(wadi)).isEmpty();
        }
    }

    @Test
    void nullLeavesASparseColumnAloneAndNoOther() {
        try (MergeFixture wadi = new MergeFixture(folder, THINGS)) {
            merge(wadi, put(1, 10, 20, 30));
            merge(wadi, put(2, null, 21, null));
            assertThat(things(wadi)).containsExactly("2: 10 21 -");
        }
    }

    @Test
    void aLateEventSetsWhatNoNewerOneHasSet() {
        try (MergeFixture wadi = new MergeFixture(folder, THINGS)) {
            assertThat(oneByOne(
                            wadi,
                            put(9, null, 29, 39),
                            put(5, 15, 25, 35),
                            put(3, 13, 23, 33),
                            put(7, 17, null, null),
                            put(5, 15, 25, 35)))
                    .containsExactly("inserted", "updated", "stale", "updated", "stale");
            assertThat(things(wadi)).containsExactly("9: 17 29 39");
        }
    }

    @Test
    void theEventsOfOneBatchFoldInTheirOrder() {
        try (MergeFixture wadi = new MergeFixture(folder, THINGS)) {
            assertThat(merge(
                            wadi, put(3, null, 23, 33), put(1, 11, 21, 31), put(2, 12, null, 32), put(3, null, 23, 33)))
                    .isEqualTo(new MergeOutcome.Counts(4, 1, 1, 0, 0, 1, 1, 0, 0));
            assertThat(things(wadi)).containsExactly("3: 12 23 33");
        }
    }

    @Test
    void aDeleteTakesAllValuesBeforeItAlsoThoseThatComeLate() {
        try (MergeFixture wadi = new MergeFixture(folder, THINGS)) {
            assertThat(oneByOne(wadi, put(1, 11, 21, 31), delete(5), put(9, null, null, 39), put(4, 14, 24, 34)))
                    .containsExactly("inserted", "deleted", "inserted", "stale");
            assertThat(things(wadi)).containsExactly("9: - - 39");
            assertThat(oneByOne(
                            wadi, put(6, 16, null, null), delete(7), put(6, 16, null, null), put(8, null, 28, null)))
                    .containsExactly("updated", "updated", "stale", "updated");
            assertThat(things(wadi)).containsExactly("9: - 28 39");
            assertThat(oneByOne(wadi, delete(7), delete(6), delete(10)))
                    .containsExactly("duplicate", "stale", "deleted");
            assertThat(things(wadi)).isEmpty();
        }
    }

    @Test
    void aTieIsToldWhereTheTableTellsWhatWasSaid() {
        try (MergeFixture wadi = new MergeFixture(folder, THINGS)) {
            assertThat(oneByOne(
                            wadi,
                            put(9, null, 29, 39),
                            put(5, 15, null, 35),
                            put(9, 19, 29, 39),
                            put(9, null, 29, 39),
                            put(5, 16, null, 35),
                            delete(5),
                            delete(9)))
                    .containsExactly("inserted", "updated", "tied", "duplicate", "tied", "tied", "tied");
            assertThat(things(wadi)).containsExactly("9: 15 29 39");
        }
    }

    @Test
    void aTruncateTakesTheValuesBeforeItFromTheRowsThatStay() {
        try (MergeFixture wadi = new MergeFixture(folder, THINGS)) {
            merge(wadi, put(3, 13, 23, 33), put(9, null, 29, 39));
            merge(wadi, event(5, "T", null, null, null));
            assertThat(things(wadi)).containsExactly("9: - 29 39");
            assertThat(oneByOne(wadi, put(4, 14, 24, 34), put(6, 16, null, null)))
                    .containsExactly("stale", "updated");
            assertThat(things(wadi)).containsExactly("9: 16 29 39");
        }
    }
}
