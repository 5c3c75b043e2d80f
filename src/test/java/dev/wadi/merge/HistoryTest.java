package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.Rule;
import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a history shows, rule by rule. A row reads {@code name mail from..to}. */
class HistoryTest {
    private static final TableName PEOPLE = new TableName("silver", "people");
    private static final Contract ALL = people(Set.of(), Merging.TOMBSTONE_RETENTION);
    /** A new mail alone is no new state. */
    private static final Contract BUT_MAIL = people(Set.of("mail"), Merging.TOMBSTONE_RETENTION);

    @TempDir
    Path folder;

    private static Contract people(Set<String> except, Duration retention) {
        return new Contract(
                PEOPLE,
                "people",
                List.of(
                        MergeFixture.column("id", ColumnType.Simple.STRING, true, false),
                        MergeFixture.column("seq", ColumnType.Simple.LONG, true, false),
                        new Column("op", ColumnType.Simple.STRING, false, false, false, null, "op", null),
                        MergeFixture.column("name", ColumnType.Simple.STRING, false, false),
                        MergeFixture.column("mail", ColumnType.Simple.STRING, false, false)),
                List.of("id"),
                MergeFixture.history(List.of("seq"), except, null).deleting("op = 'delete'", retention),
                List.of(),
                List.of(new Rule("has_a_name", "name <> ''", Rule.Severity.ERROR)),
                null,
                true,
                Path.of("people.odcs.yaml"));
    }

    private static String put(int seq, String name, String mail) {
        return "SELECT 'a' AS id, %d AS seq, 'put' AS op, '%s' AS name, '%s' AS mail".formatted(seq, name, mail);
    }

    private static String put(int seq, String name) {
        return put(seq, name, "m");
    }

    private static String delete(int seq) {
        return "SELECT 'a' AS id, %d AS seq, 'delete' AS op, NULL AS name, NULL AS mail".formatted(seq);
    }

    private static MergeOutcome.Counts merge(MergeFixture wadi, Contract contract, String... events) {
        return wadi.merge(contract, String.join(" UNION ALL ", events)).counts();
    }

    /** What each event became, one merge an event. */
    private static List<String> oneByOne(MergeFixture wadi, Contract contract, String... events) {
        List<String> became = new ArrayList<>();
        for (String event : events) {
            MergeOutcome.Counts counts = merge(wadi, contract, event);
            became.add(
                    counts.inserted() == 1
                            ? "inserted"
                            : counts.updated() == 1
                                    ? "updated"
                                    : counts.deleted() == 1
                                            ? "deleted"
                                            : counts.buried() == 1
                                                    ? "buried"
                                                    : counts.duplicate() == 1
                                                            ? "duplicate"
                                                            : counts.tied() == 1 ? "tied" : counts.toString());
        }
        return became;
    }

    private static List<String> people(MergeFixture wadi) {
        return wadi
                .rows(PEOPLE, "lpad(__START_AT::VARCHAR, 2, '0'), name, mail, coalesce(__END_AT::VARCHAR, 'now')")
                .stream()
                .map(row -> row.split("\\|"))
                .map(row -> "%s %s %s..%s".formatted(row[1], row[2], row[0].replaceFirst("^0", ""), row[3]))
                .toList();
    }

    @Test
    void eachEventOpensARowAndClosesTheOneBefore() {
        try (MergeFixture wadi = new MergeFixture(folder, ALL)) {
            assertThat(oneByOne(wadi, ALL, put(1, "Ann"), put(5, "Anna"))).containsExactly("inserted", "updated");
            assertThat(people(wadi)).containsExactly("Ann m 1..5", "Anna m 5..now");
        }
    }

    @Test
    void aLateEventIsInsertedInItsInterval() {
        try (MergeFixture wadi = new MergeFixture(folder, ALL)) {
            assertThat(oneByOne(wadi, ALL, put(1, "Ann"), put(5, "Anna"), put(3, "Anne"), put(0, "An")))
                    .containsExactly("inserted", "updated", "updated", "inserted");
            assertThat(people(wadi)).containsExactly("An m 0..1", "Ann m 1..3", "Anne m 3..5", "Anna m 5..now");
        }
    }

    @Test
    void theSameContentAtANewerSequenceIsANewState() {
        try (MergeFixture wadi = new MergeFixture(folder, ALL)) {
            merge(wadi, ALL, put(1, "Ann"), put(2, "Ann"));
            assertThat(people(wadi)).containsExactly("Ann m 1..2", "Ann m 2..now");
        }
    }

    @Test
    void aDeleteClosesTheRowAndALateEventBehindItEndsAtTheNext() {
        try (MergeFixture wadi = new MergeFixture(folder, ALL)) {
            assertThat(oneByOne(wadi, ALL, put(1, "Ann"), delete(4), put(9, "Anna"), put(6, "Anne"), delete(2)))
                    .containsExactly("inserted", "deleted", "inserted", "inserted", "deleted");
            // The delete at 4 is not to be seen in the rows any more, and not forgotten:
            assertThat(people(wadi)).containsExactly("Ann m 1..2", "Anne m 6..9", "Anna m 9..now");
            merge(wadi, ALL, put(3, "Annie"));
            assertThat(people(wadi)).containsExactly("Ann m 1..2", "Annie m 3..4", "Anne m 6..9", "Anna m 9..now");
        }
    }

    @Test
    void insertDeleteAndInsertWithinOneBatchEndRight() {
        try (MergeFixture wadi = new MergeFixture(folder, ALL)) {
            assertThat(merge(wadi, ALL, put(7, "Anna"), delete(4), put(1, "Ann")))
                    .isEqualTo(new MergeOutcome.Counts(3, 2, 0, 1, 0, 0, 0, 0, 0));
            assertThat(people(wadi)).containsExactly("Ann m 1..4", "Anna m 7..now");
        }
    }

    @Test
    void aDeleteOfNothingIsRememberedForAsLongAsTheContractSays() throws InterruptedException {
        try (MergeFixture wadi = new MergeFixture(folder, ALL)) {
            assertThat(oneByOne(wadi, ALL, delete(5), delete(5), put(3, "Ann")))
                    .containsExactly("buried", "duplicate", "inserted");
            assertThat(people(wadi)).containsExactly("Ann m 3..5");
        }
        Contract forgetful = people(Set.of(), Duration.ofMillis(1));
        try (MergeFixture wadi = new MergeFixture(folder.resolve("forgetful"), forgetful)) {
            merge(wadi, forgetful, delete(5));
            Thread.sleep(20);
            merge(wadi, forgetful, put(3, "Ann"));
            assertThat(people(wadi)).containsExactly("Ann m 3..now");
        }
    }

    @Test
    void anEqualSequenceIsADuplicateOrATieAndTiesAreQuarantined() {
        try (MergeFixture wadi = new MergeFixture(folder, ALL)) {
            assertThat(oneByOne(wadi, ALL, put(1, "Ann"), put(1, "Ann"), put(1, "Bob"), delete(1)))
                    .containsExactly("inserted", "duplicate", "tied", "tied");
            assertThat(merge(wadi, ALL, put(2, ""), put(3, "Anna")))
                    .as("a broken rule")
                    .isEqualTo(new MergeOutcome.Counts(2, 0, 1, 0, 0, 0, 0, 0, 1));
            assertThat(people(wadi)).containsExactly("Ann m 1..3", "Anna m 3..now");
        }
    }

    @Test
    void columnsThatAreNotTrackedOpenNoRow() {
        try (MergeFixture wadi = new MergeFixture(folder, BUT_MAIL)) {
            assertThat(oneByOne(
                            wadi,
                            BUT_MAIL,
                            put(1, "Ann", "x"),
                            put(5, "Ann", "y"),
                            put(3, "Ann", "z"),
                            put(1, "Ann", "x")))
                    .containsExactly("inserted", "updated", "buried", "duplicate");
            assertThat(people(wadi)).containsExactly("Ann y 1..now");
            assertThat(wadi.rows(PEOPLE, "seq")).containsExactly("5");
        }
    }

    @Test
    void aLateEventSplitsARowIntoWhatWasKnownOnBothSides() {
        try (MergeFixture wadi = new MergeFixture(folder, BUT_MAIL)) {
            merge(wadi, BUT_MAIL, put(1, "Ann", "x"), put(3, "Ann", "z"), put(5, "Ann", "y"));
            assertThat(oneByOne(wadi, BUT_MAIL, put(2, "Bob", "b"), delete(4))).containsExactly("updated", "deleted");
            assertThat(people(wadi)).containsExactly("Ann x 1..2", "Bob b 2..3", "Ann z 3..4", "Ann y 5..now");
        }
    }

    @Test
    void whatWasForgottenIsTakenFromTheRow() throws InterruptedException {
        Contract forgetful = people(Set.of("mail"), Duration.ofMillis(1));
        try (MergeFixture wadi = new MergeFixture(folder, forgetful)) {
            merge(wadi, forgetful, put(1, "Ann", "x"), put(5, "Ann", "y"));
            Thread.sleep(20);
            assertThat(oneByOne(wadi, forgetful, put(1, "Ann", "x"), put(2, "Bob", "b")))
                    .containsExactly("duplicate", "updated");
            assertThat(people(wadi)).containsExactly("Ann y 1..2", "Bob b 2..5", "Ann y 5..now");
        }
    }

    @Test
    void manyFilesOfTheGraveyardBecomeOneAndNothingIsForgotten() {
        try (MergeFixture wadi = new MergeFixture(folder, BUT_MAIL)) {
            for (int i = 20; i > 0; i--) {
                merge(wadi, BUT_MAIL, put(2 * i, "Ann", "m" + i), delete(100 + i));
            }
            Graveyard graveyard = Graveyard.of(wadi.lake.table(PEOPLE).latest());
            assertThat(graveyard.absorbed()).hasSizeLessThan(17);
            assertThat(graveyard.tombstones()).hasSizeLessThan(17);
            merge(wadi, BUT_MAIL, put(37, "Bob", "b"), put(110, "Cid", "c"));
            assertThat(people(wadi)).containsExactlyInAnyOrder("Ann m18 2..37", "Bob b 37..38", "Ann m20 38..101");
        }
    }

    @Test
    void aTransformSeesTheRowsThatAVersionWroteEachOnce() {
        Contract copies = new Contract(
                new TableName("gold", "copies"),
                "copies",
                List.of(
                        MergeFixture.column("id", ColumnType.Simple.STRING, true, false),
                        MergeFixture.column("since", ColumnType.Simple.LONG, true, false),
                        MergeFixture.column("until", ColumnType.Simple.LONG, false, false),
                        MergeFixture.column("name", ColumnType.Simple.STRING, false, false)),
                List.of("id", "since"),
                Merging.replace(),
                List.of(),
                List.of(),
                null,
                true,
                Path.of("copies.odcs.yaml"));
        Transforms.Transform copy = new Transforms.Transform(
                "copy", PEOPLE, copies.table(), "SELECT id, __START_AT AS since, __END_AT AS until, name FROM changes");
        try (MergeFixture wadi = new MergeFixture(folder, ALL, copies)) {
            merge(wadi, ALL, put(1, "Ann"));
            wadi.transforms.run(copy);
            merge(wadi, ALL, put(9, "Anna"));
            merge(wadi, ALL, put(5, "Anne"));
            merge(wadi, ALL, delete(7));
            wadi.transforms.run(copy);
            assertThat(wadi.rows(copies.table(), "since, coalesce(until::VARCHAR, 'now'), name"))
                    .containsExactly("1|5|Ann", "5|7|Anne", "9|now|Anna");
        }
    }

    @Test
    void twoWritersOfOneHistoryLoseNothing() throws Exception {
        int writers = 2;
        int batches = 8;
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int first = writer;
                done.add(threads.submit(() -> {
                    try (MergeFixture wadi = new MergeFixture(folder, folder.resolve("spill" + first), ALL)) {
                        start.await();
                        for (int batch = 0; batch < batches; batch++) {
                            int seq = writers * batch + first;
                            merge(wadi, ALL, put(seq, "n" + seq), put(90, "last"));
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> each : done) {
                each.get(2, TimeUnit.MINUTES);
            }
        }
        try (MergeFixture wadi = new MergeFixture(folder, ALL)) {
            List<String> expected = new ArrayList<>();
            for (int seq = 0; seq < writers * batches; seq++) {
                expected.add("n%d m %d..%d".formatted(seq, seq, seq == writers * batches - 1 ? 90 : seq + 1));
            }
            expected.add("last m 90..now");
            assertThat(people(wadi)).containsExactlyElementsOf(expected);
        }
    }
}
