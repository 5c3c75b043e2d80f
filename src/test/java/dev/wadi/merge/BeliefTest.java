package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bitemporal history shows, rule by rule. A row reads {@code city from..to, believed from..until}; days are numbers. */
class BeliefTest {
    private static final TableName HOMES = new TableName("silver", "homes");
    private static final Contract CONTRACT = homes(Set.of(), Merging.TOMBSTONE_RETENTION);

    @TempDir
    Path folder;

    private static Contract homes(Set<String> except, Duration retention) {
        return MergeFixture.contract(
                HOMES,
                List.of(
                        MergeFixture.column("id", ColumnType.Simple.STRING, true, false),
                        MergeFixture.column("since", ColumnType.Simple.INTEGER, true, false),
                        MergeFixture.column("told", ColumnType.Simple.INTEGER, true, false),
                        new Column("op", ColumnType.Simple.STRING, false, false, false, null, "op", null),
                        MergeFixture.column("city", ColumnType.Simple.STRING, false, false),
                        MergeFixture.column("phone", ColumnType.Simple.STRING, false, false)),
                List.of("id"),
                MergeFixture.history(List.of("since"), except, "told").deleting("op = 'delete'", retention),
                List.of(),
                true);
    }

    /** On day {@code told} the source came to know that Ann lives in a city since day {@code since}. */
    private static String lives(int since, int told, String city) {
        return lives(since, told, city, "1");
    }

    private static String lives(int since, int told, String city, String phone) {
        return "SELECT 'ann' AS id, %d AS since, %d AS told, 'put' AS op, '%s' AS city, '%s' AS phone"
                .formatted(since, told, city, phone);
    }

    private static String left(int since, int told) {
        return "SELECT 'ann' AS id, %d AS since, %d AS told, 'delete' AS op, NULL AS city, NULL AS phone"
                .formatted(since, told);
    }

    private static MergeOutcome.Counts merge(MergeFixture wadi, Contract contract, String... events) {
        return wadi.merge(contract, String.join(" UNION ALL ", events)).counts();
    }

    private static String became(MergeOutcome.Counts counts) {
        List<String> what = new ArrayList<>();
        what.addAll(List.of("inserted").subList(0, (int) counts.inserted()));
        what.addAll(List.of("updated").subList(0, (int) counts.updated()));
        what.addAll(List.of("deleted").subList(0, (int) counts.deleted()));
        what.addAll(List.of("buried").subList(0, (int) counts.buried()));
        what.addAll(List.of("duplicate").subList(0, (int) counts.duplicate()));
        what.addAll(List.of("tied").subList(0, (int) counts.tied()));
        what.addAll(List.of("refused").subList(0, (int) counts.refused()));
        return String.join(", ", what);
    }

    private static List<String> homes(MergeFixture wadi) {
        return wadi
                .rows(
                        HOMES,
                        "lpad(__SYSTEM_START_AT::VARCHAR, 2, '0'), lpad(__START_AT::VARCHAR, 2, '0'), city,"
                                + " __START_AT || '..' || coalesce(__END_AT::VARCHAR, 'now'),"
                                + " __SYSTEM_START_AT || '..' || coalesce(__SYSTEM_END_AT::VARCHAR, 'now')")
                .stream()
                .map(row -> row.split("\\|"))
                .map(row -> "%s %s, believed %s".formatted(row[2], row[3], row[4]))
                .toList();
    }

    /** Where we believed on one day that Ann lived on another. */
    private static List<String> believed(MergeFixture wadi, int on, int about) {
        return wadi.rows(
                "(SELECT * FROM silver.homes WHERE __SYSTEM_START_AT <= %1$d AND (%1$d < __SYSTEM_END_AT OR __SYSTEM_END_AT IS NULL) AND __START_AT <= %2$d AND (%2$d < __END_AT OR __END_AT IS NULL))"
                        .formatted(on, about),
                HOMES,
                "city");
    }

    @Test
    void aLateStateChangesWhatIsBelievedFromWhenItWasTold() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            assertThat(became(merge(wadi, CONTRACT, lives(1, 1, "Bern")))).isEqualTo("inserted");
            assertThat(became(merge(wadi, CONTRACT, lives(20, 20, "Rome")))).isEqualTo("updated");
            // On day 30 we hear that she lived in Paris from day 10 on.
            assertThat(became(merge(wadi, CONTRACT, lives(10, 30, "Paris")))).isEqualTo("updated");
            assertThat(homes(wadi))
                    .containsExactly(
                            "Bern 1..now, believed 1..20",
                            "Bern 1..20, believed 20..30",
                            "Rome 20..now, believed 20..now",
                            "Bern 1..10, believed 30..now",
                            "Paris 10..20, believed 30..now");
            assertThat(believed(wadi, 25, 15)).containsExactly("Bern");
            assertThat(believed(wadi, 30, 15)).containsExactly("Paris");
            assertThat(believed(wadi, 30, 5)).containsExactly("Bern");
            assertThat(believed(wadi, 10, 25)).containsExactly("Bern");
        }
    }

    @Test
    void aCorrectionTakesThePlaceOfAStateAndOfADelete() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            merge(wadi, CONTRACT, lives(1, 1, "Bern"));
            assertThat(became(merge(wadi, CONTRACT, lives(1, 5, "Basel")))).isEqualTo("updated");
            assertThat(became(merge(wadi, CONTRACT, left(1, 7)))).isEqualTo("deleted");
            assertThat(believed(wadi, 8, 3)).isEmpty();
            assertThat(became(merge(wadi, CONTRACT, lives(1, 9, "Bonn")))).isEqualTo("inserted");
            assertThat(homes(wadi))
                    .containsExactly(
                            "Bern 1..now, believed 1..5",
                            "Basel 1..now, believed 5..7",
                            "Bonn 1..now, believed 9..now");
        }
    }

    @Test
    void aDeleteEndsAStateFromWhenItWasTold() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            merge(wadi, CONTRACT, lives(1, 1, "Bern"));
            assertThat(became(merge(wadi, CONTRACT, left(10, 12)))).isEqualTo("deleted");
            assertThat(homes(wadi)).containsExactly("Bern 1..now, believed 1..12", "Bern 1..10, believed 12..now");
            assertThat(believed(wadi, 11, 11)).containsExactly("Bern");
            assertThat(believed(wadi, 12, 11)).isEmpty();
            assertThat(became(merge(wadi, CONTRACT, left(20, 22)))).isEqualTo("buried");
            merge(wadi, CONTRACT, lives(15, 30, "Rome"));
            assertThat(homes(wadi)).endsWith("Rome 15..20, believed 30..now");
        }
    }

    @Test
    void whatWasToldEarlierAndComesLaterEndsTheSame() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            merge(wadi, CONTRACT, lives(10, 30, "Paris"));
            merge(wadi, CONTRACT, lives(20, 20, "Rome"));
            merge(wadi, CONTRACT, lives(1, 1, "Bern"));
            assertThat(homes(wadi))
                    .containsExactly(
                            "Bern 1..now, believed 1..20",
                            "Bern 1..20, believed 20..30",
                            "Rome 20..now, believed 20..now",
                            "Bern 1..10, believed 30..now",
                            "Paris 10..20, believed 30..now");
        }
    }

    @Test
    void whatIsToldAgainIsADuplicateSaysNothingNewOrIsATie() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            merge(wadi, CONTRACT, lives(1, 1, "Bern"));
            assertThat(became(merge(wadi, CONTRACT, lives(1, 1, "Bern")))).isEqualTo("duplicate");
            assertThat(became(merge(wadi, CONTRACT, lives(1, 1, "Basel")))).isEqualTo("tied");
            assertThat(became(merge(wadi, CONTRACT, left(1, 1)))).isEqualTo("tied");
            assertThat(became(merge(wadi, CONTRACT, lives(1, 9, "Bern")))).isEqualTo("buried");
            assertThat(homes(wadi)).containsExactly("Bern 1..now, believed 1..now");
            assertThat(became(merge(wadi, CONTRACT, lives(1, 9, "Bern")))).isEqualTo("duplicate");
            // Between the two it was something else: then the second said something.
            merge(wadi, CONTRACT, lives(1, 5, "Basel"));
            assertThat(homes(wadi))
                    .containsExactly(
                            "Bern 1..now, believed 1..5",
                            "Basel 1..now, believed 5..9",
                            "Bern 1..now, believed 9..now");
            assertThat(wadi.rows(new TableName("quarantine", "silver_homes"), "reason, message"))
                    .allMatch(row -> row.equals(
                            "tie|silver.homes already has this key (id) at the same since, told with another content"));
        }
    }

    @Test
    void withoutASystemTimeARowIsRefused() {
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT)) {
            assertThat(became(merge(wadi, CONTRACT, lives(1, 1, "Bern").replace("1 AS told", "NULL AS told"))))
                    .isEqualTo("refused");
            assertThat(wadi.rows(new TableName("quarantine", "silver_homes"), "reason, message"))
                    .containsExactly("null_sequence|the system time is null: told");
        }
    }

    @Test
    void columnsThatAreNotTrackedOpenNoRowOfTheirOwn() {
        Contract butPhone = homes(Set.of("phone"), Merging.TOMBSTONE_RETENTION);
        try (MergeFixture wadi = new MergeFixture(folder, butPhone)) {
            merge(wadi, butPhone, lives(1, 1, "Bern", "1"), lives(5, 5, "Bern", "2"));
            assertThat(became(merge(wadi, butPhone, lives(3, 8, "Bern", "3")))).isEqualTo("buried");
            assertThat(homes(wadi)).containsExactly("Bern 1..now, believed 1..5", "Bern 1..now, believed 5..now");
            merge(wadi, butPhone, lives(4, 9, "Rome", "4"));
            assertThat(wadi.rows(
                            "(SELECT * FROM silver.homes WHERE __SYSTEM_END_AT IS NULL)",
                            HOMES,
                            "__START_AT, city, phone"))
                    .containsExactly("1|Bern|3", "4|Rome|4", "5|Bern|2");
        }
    }

    @Test
    void nothingIsForgotten() {
        Contract shortly = homes(Set.of(), Duration.ofMillis(1));
        try (MergeFixture wadi = new MergeFixture(folder, shortly)) {
            List<String> events = new ArrayList<>(List.of(lives(1, 1, "Bern"), lives(50, 30, "Rome"), left(50, 31)));
            merge(wadi, shortly, events.toArray(String[]::new));
            for (int day = 32; day < 52; day++) {
                List<String> told = List.of(lives(1, day, "Bern"), left(day + 100, day));
                merge(wadi, shortly, told.toArray(String[]::new));
                events.addAll(told);
            }
            Graveyard graveyard = Graveyard.of(wadi.lake.table(HOMES).latest());
            assertThat(graveyard.absorbed()).hasSizeLessThan(17);
            assertThat(graveyard.tombstones()).hasSizeLessThan(17);
            assertThat(merge(wadi, shortly, events.toArray(String[]::new)).duplicate())
                    .isEqualTo(events.size());
            merge(wadi, shortly, lives(140, 60, "Oslo"));
            assertThat(homes(wadi))
                    .containsExactly(
                            "Bern 1..now, believed 1..30",
                            "Bern 1..50, believed 30..now",
                            "Rome 50..now, believed 30..31",
                            "Oslo 140..141, believed 60..now");
        }
    }

    @Test
    void aTransformSeesARowAgainWhenItIsNoLongerBelieved() {
        Contract copies = MergeFixture.contract(
                new TableName("gold", "copies"),
                List.of(
                        MergeFixture.column("id", ColumnType.Simple.STRING, true, false),
                        MergeFixture.column("since", ColumnType.Simple.INTEGER, true, false),
                        MergeFixture.column("known", ColumnType.Simple.INTEGER, true, false),
                        MergeFixture.column("until", ColumnType.Simple.INTEGER, false, false),
                        MergeFixture.column("city", ColumnType.Simple.STRING, false, false)),
                List.of("id", "since", "known"),
                Merging.replace(),
                List.of(),
                true);
        Transforms.Transform copy = new Transforms.Transform(
                "copy",
                HOMES,
                copies.table(),
                "SELECT id, __START_AT AS since, __SYSTEM_START_AT AS known, __SYSTEM_END_AT AS until, city FROM changes");
        try (MergeFixture wadi = new MergeFixture(folder, CONTRACT, copies)) {
            merge(wadi, CONTRACT, lives(1, 1, "Bern"));
            wadi.transforms.run(copy);
            merge(wadi, CONTRACT, lives(1, 5, "Basel"));
            merge(wadi, CONTRACT, lives(1, 9, "Bonn"));
            wadi.transforms.run(copy);
            assertThat(wadi.rows(copies.table(), "known, coalesce(until::VARCHAR, 'now'), city"))
                    .containsExactly("1|5|Bern", "5|9|Basel", "9|now|Bonn");
        }
    }
}
