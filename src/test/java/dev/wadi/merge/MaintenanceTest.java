package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.Pin;
import dev.wadi.parts.MovingFolder;
import dev.wadi.table.Change;
import dev.wadi.table.Commit;
import dev.wadi.table.CommitNote;
import dev.wadi.table.DataFile;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.NoSuchVersionException;
import dev.wadi.table.TableSnapshot;
import dev.wadi.table.Vacuumed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** History, time travel, restore and vacuum of one table. */
class MaintenanceTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());
    private MergeFixture wadi;
    private DeltaTable table;
    private Path files;

    @BeforeEach
    void open() {
        wadi = new MergeFixture(folder, contract);
        table = wadi.lake.table(contract);
        files = folder.resolve("lake/silver/bookings");
    }

    @AfterEach
    void close() {
        wadi.close();
    }

    @Test
    void historyTellsEachCommitNewestFirst() throws IOException {
        merge(1, "a", "b");
        merge(2, "b", "c");
        optimize();

        List<Commit> commits = table.history(10, 0).commits();
        assertThat(commits).extracting(Commit::version).containsExactly(3L, 2L, 1L, 0L);
        assertThat(commits).extracting(Commit::operation).startsWith("OPTIMIZE", "MERGE", "MERGE");
        assertThat(commits).extracting(Commit::timestamp).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(commits.getFirst().metrics()).containsEntry("numRemovedFiles", "2");
        assertThat(commits.getFirst().engine()).contains("wadi");
        assertThat(table.history(1, 2)).satisfies(page -> {
            assertThat(page.commits()).extracting(Commit::version).containsExactly(1L);
            assertThat(page.total()).isEqualTo(4);
        });

        // What was cleaned up is missing.
        Files.delete(files.resolve("_delta_log/00000000000000000000.json"));
        assertThat(table.history(10, 0).commits()).extracting(Commit::version).containsExactly(3L, 2L, 1L);
    }

    @Test
    void aTableIsReadAsItWasAtAVersionAndAtATime() throws IOException {
        merge(1, "a");
        merge(2, "a", "b");
        merge(3, "c");
        commitTime(0, "2026-01-01T00:00:00Z");
        commitTime(1, "2026-01-02T00:00:00Z");
        commitTime(2, "2026-01-03T00:00:00Z");
        commitTime(3, "2026-01-04T00:00:00Z");

        assertThat(at("2026-01-02T00:00:00Z")).containsExactly("a|1");
        assertThat(at("2026-01-03T23:00:00Z")).containsExactly("a|2", "b|2");
        assertThat(at("2027-01-01T00:00:00Z")).containsExactly("a|2", "b|2", "c|3");
        assertThat(wadi.reader.versions(Set.of(BOOKINGS), Instant.parse("2026-01-03T12:00:00Z")))
                .containsEntry(BOOKINGS, 2L);
        assertThat(at(1)).containsExactly("a|1");
        assertThatThrownBy(() -> at("2025-12-31T00:00:00Z"))
                .isInstanceOf(NoSuchVersionException.class)
                .hasMessage(
                        "silver.bookings has no version that was committed at 2025-12-31T00:00:00Z or before: the first that"
                                + " the log has is of 2026-01-01T00:00:00Z. Versions 0 to 3 can be read");
        assertThatThrownBy(() -> at(9)).hasMessage("silver.bookings has no version 9. Versions 0 to 3 can be read");
    }

    @Test
    void aRestoredTableHasTheRowsOfThenAndItsHistory() {
        merge(1, "a", "b", "c");
        merge(2, "b");
        long then = table.latest().version();
        merge(3, "a", "d");
        optimize();
        merge(4, "e");
        Restores restores = new Restores(wadi.merger, wadi.commits);

        Restores.Restored restored = restores.restore(BOOKINGS, then);

        assertThat(rows()).containsExactly("a|1", "b|2", "c|1");
        assertThat(restored.version()).isEqualTo(table.latest().version()).isEqualTo(6);
        assertThat(restored.rows()).isEqualTo(3);
        assertThat(table.history(1, 0).commits().getFirst()).satisfies(commit -> {
            assertThat(commit.operation()).isEqualTo("RESTORE");
            assertThat(commit.parameters()).containsEntry("version", "2");
            assertThat(commit.metrics()).containsEntry("numRestoredFiles", "2");
        });
        // Merges go on from there, and back again is possible too.
        merge(3, "a");
        assertThat(rows()).containsExactly("a|3", "b|2", "c|1");
        restores.restore(BOOKINGS, 5);
        assertThat(rows()).containsExactly("a|3", "b|2", "c|1", "d|3", "e|4");
        assertThat(restores.restore(BOOKINGS, 5).filesRestored()).isZero();
        assertThat(freshRows()).isEqualTo(rows());
    }

    @Test
    void readersOfChangesSeeTheRowsThatARestoreBroughtBack() {
        merge(1, "a", "b", "c");
        merge(2, "b");
        merge(3, "a");
        long before = table.latest().version();
        new Restores(wadi.merger, wadi.commits).restore(BOOKINGS, 2);

        // The file of a, b, c has b marked as then, and a no more; all its live rows come again.
        for (DeltaTable reader : List.of(table, fresh())) {
            List<DataFile> brought = reader.upserts(before, table.latest().version()).values().stream()
                    .flatMap(List::stream)
                    .toList();
            assertThat(brought).extracting(DataFile::liveRows).containsExactly(2L);
        }
    }

    @Test
    void aTransformGetsTheRowsThatCameBackAndKeepsWhatItMadeOfTheOthers() {
        Contract target = MergeFixture.copy(contract);
        Transforms.Transform copy = new Transforms.Transform("copy", BOOKINGS, target.table(), "SELECT * FROM changes");
        try (MergeFixture both = new MergeFixture(folder.resolve("both"), contract, target)) {
            both.merge(contract, values(1, "a", "b"));
            both.merge(contract, values(2, "a"));
            both.transforms.run(copy);
            both.merge(contract, values(3, "b", "c"));
            both.transforms.run(copy);
            new Restores(both.merger, both.commits).restore(BOOKINGS, 2);
            both.transforms.run(copy);

            assertThat(both.rows(BOOKINGS, "id, seq")).containsExactly("a|2", "b|1");
            assertThat(both.rows(target.table(), "id, seq")).containsExactly("a|2", "b|1", "c|3");
        }
    }

    @Test
    void aRestoreBringsBackWhatTheTableRemembered() throws Exception {
        Contract deleting = new Contract(
                BOOKINGS,
                "bookings",
                contract.columns(),
                contract.primaryKey(),
                contract.merging().deleting("note = 'gone'", Duration.ofDays(7)),
                List.of(),
                List.of(),
                null,
                true,
                contract.file());
        try (MergeFixture other = new MergeFixture(folder.resolve("other"), deleting)) {
            DeltaTable remembering = other.lake.table(deleting);
            remembering.commit(remembering.latest(), remember("first"));
            remembering.commit(remembering.latest(), remember("second"));

            new Restores(other.merger, other.commits).restore(BOOKINGS, 1);
            assertThat(remembering.latest().domains()).containsEntry(TableSnapshot.GRAVEYARD, "first");
            new Restores(other.merger, other.commits).restore(BOOKINGS, 0);
            assertThat(remembering.latest().domains()).isEmpty();
            other.lake.close();
        }
    }

    private static Change remember(String content) {
        return new Change(
                List.of(),
                Map.of(),
                List.of(),
                false,
                null,
                Map.of(TableSnapshot.GRAVEYARD, content),
                new CommitNote("MERGE"));
    }

    @Test
    void aVersionWhoseFilesWereVacuumedIsRefusedWithThoseThatCanBeRead() throws IOException {
        merge(1, "a");
        merge(1, "b");
        optimize();
        age(Duration.ofDays(8));
        Vacuumed vacuumed = table.vacuum(WEEK, HOUR, false);
        assertThat(vacuumed.files()).hasSize(2);
        assertThat(rows()).containsExactly("a|1", "b|1");

        assertThatThrownBy(() -> new Restores(wadi.merger, wadi.commits).restore(BOOKINGS, 1))
                .isInstanceOf(NoSuchVersionException.class)
                .hasMessage(
                        "silver.bookings version 1 is past: files of it were vacuumed. Versions 3 to 3 can be read");
        assertThatThrownBy(() -> at(2)).isInstanceOf(NoSuchVersionException.class);
        assertThat(rows()).containsExactly("a|1", "b|1");
    }

    @Test
    void vacuumKeepsWhatAVersionWithinTheRetentionHas() throws IOException {
        merge(1, "a");
        merge(2, "a");
        merge(3, "b");
        optimize();
        age(Duration.ofDays(8));
        // The compaction was yesterday, so the version before it can be asked for until next week.
        commitTime(4, Instant.now().minus(Duration.ofDays(1)).toString());

        assertThat(table.vacuum(WEEK, HOUR, false).files()).noneMatch(file -> file.endsWith(".bin"));
        assertThat(at(3)).containsExactly("a|2", "b|3");
        assertThat(table.vacuum(HOUR, HOUR, false).files()).isNotEmpty();
        assertThatThrownBy(() -> at(3)).isInstanceOf(NoSuchVersionException.class);
    }

    @Test
    void vacuumKeepsWhatSomebodyReadsUntilTheReaderIsDone() throws IOException {
        merge(1, "a", "b");
        merge(2, "a");
        try (Pin pin = wadi.reader.pin(Set.of(BOOKINGS))) {
            merge(3, "b");
            optimize();
            age(Duration.ofDays(8));
            Vacuumed vacuumed = table.vacuum(Duration.ZERO, HOUR, false);
            assertThat(vacuumed.held()).isEqualTo(3);
            assertThat(MergeFixture.query(pin, "SELECT id || '|' || seq FROM silver.bookings ORDER BY 1"))
                    .containsExactly("a|2", "b|1");
        }
        assertThat(table.vacuum(Duration.ZERO, HOUR, false).files()).hasSize(3);
        assertThat(data()).hasSize(1);
    }

    @Test
    void vacuumTakesOldOrphansAndLeavesYoungOnesAndForeignFolders() throws IOException {
        merge(1, "a");
        String draft = ".deletion_vector_x.bin.0b0fa9c6-7f39-4f8b-9d4c-2f6d2c9f5c11.tmp";
        for (String orphan : List.of(
                "part-lost.parquet",
                "day=2026-11-01/part-lost.parquet",
                draft,
                "_wadi/lost.parquet",
                "_other/kept.x",
                ".hidden")) {
            Files.createDirectories(files.resolve(orphan).getParent());
            Files.writeString(files.resolve(orphan), "x");
        }
        age(Duration.ofDays(8));
        Files.writeString(files.resolve("part-under-way.parquet"), "x");

        Vacuumed dry = table.vacuum(Duration.ZERO, HOUR, true);
        assertThat(dry.files())
                .containsExactlyInAnyOrder(
                        "part-lost.parquet", "day=2026-11-01/part-lost.parquet", draft, "_wadi/lost.parquet");
        assertThat(dry.bytes()).isEqualTo(4);
        assertThat(files.resolve("part-lost.parquet")).exists();

        assertThat(table.vacuum(Duration.ZERO, HOUR, false).files()).isEqualTo(dry.files());
        assertThat(table.vacuum(Duration.ZERO, HOUR, false).files()).isEmpty();
        assertThat(files.resolve("part-under-way.parquet")).exists();
        assertThat(files.resolve("_other/kept.x")).exists();
        assertThat(rows()).containsExactly("a|1");
    }

    private void merge(int seq, String... ids) {
        wadi.merge(contract, values(seq, ids));
    }

    private static String values(int seq, String... ids) {
        String values = Stream.of(ids)
                .map(id -> "('%s', %d, 1.5, NULL, NULL::DATE, 'p')".formatted(id, seq))
                .collect(java.util.stream.Collectors.joining(", "));
        return "SELECT * FROM (VALUES %s) v(id, seq, amount, note, day, position)".formatted(values);
    }

    private void optimize() {
        new Compactions(wadi.merger, CompactionSettings.DEFAULTS).optimize(BOOKINGS);
    }

    private List<String> rows() {
        return wadi.rows(BOOKINGS, "id, seq");
    }

    /** As another process reads them. */
    private List<String> freshRows() {
        try (MergeFixture other = new MergeFixture(folder, folder.resolve("spill2"), contract)) {
            return other.rows(BOOKINGS, "id, seq");
        }
    }

    private DeltaTable fresh() {
        return new dev.wadi.table.Lake(new dev.wadi.store.LocalStore(), folder.resolve("lake"), wadi.contracts)
                .table(BOOKINGS);
    }

    private List<String> at(long version) {
        try (Pin pin = wadi.reader.pin(Map.of(BOOKINGS, version))) {
            return MergeFixture.query(pin, "SELECT id || '|' || seq FROM silver.bookings ORDER BY 1");
        }
    }

    private List<String> at(String time) {
        try (Pin pin = wadi.reader.pin(wadi.reader.versions(Set.of(BOOKINGS), Instant.parse(time)))) {
            return MergeFixture.query(pin, "SELECT id || '|' || seq FROM silver.bookings ORDER BY 1");
        }
    }

    private void commitTime(long version, String time) throws IOException {
        Files.setLastModifiedTime(
                files.resolve("_delta_log/%020d.json".formatted(version)), FileTime.from(Instant.parse(time)));
    }

    private List<Path> data() throws IOException {
        return MovingFolder.files(files).stream()
                .filter(file -> !file.toString().contains("_delta_log"))
                .toList();
    }

    /** Makes all files, the log's too, look older. */
    private void age(Duration age) throws IOException {
        for (Path file : MovingFolder.files(files)) {
            // Drafts of log files, which are written in the background, come and go.
            if (!file.getFileName().toString().startsWith(".0")) {
                Files.setLastModifiedTime(
                        file,
                        FileTime.from(
                                Files.getLastModifiedTime(file).toInstant().minus(age)));
            }
        }
    }
}
