package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.DuckDb;
import dev.wadi.store.FaultyStore;
import dev.wadi.table.Change;
import dev.wadi.table.CommitConflictException;
import dev.wadi.table.CommitNote;
import dev.wadi.table.TableException;
import dev.wadi.table.TableSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A table that was damaged, or that another writer changed: what can be read is read, and what cannot is said with table,
 * version, cause and cure.
 *
 * <p>Every test begins with three commits: ten rows (version 1), new values of three of them (2), five more rows (3).
 */
class DamageTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");
    private static final Contract CONTRACT = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());
    private static final int ROWS = 15;
    private static DuckDb duckDb;

    private final FaultyStore store = new FaultyStore();
    private MergeFixture wadi;
    private Path table;

    @TempDir
    Path folder;

    @BeforeAll
    static void openEngine(@TempDir Path spill) {
        duckDb = new DuckDb("512MB", 1, spill);
    }

    @AfterAll
    static void closeEngine() {
        duckDb.close();
    }

    @BeforeEach
    void fill() {
        table = folder.resolve("lake/silver/bookings");
        wadi = open(store);
        wadi.merge(CONTRACT, rows(0, 10, 1));
        wadi.merge(CONTRACT, rows(3, 6, 2));
        wadi.merge(CONTRACT, rows(20, 25, 2));
    }

    @AfterEach
    void close() {
        wadi.close();
    }

    private MergeFixture open(FaultyStore over) {
        return new MergeFixture(folder, over, duckDb, CONTRACT);
    }

    /** As a process that starts now. */
    private void restart() {
        wadi.close();
        wadi = open(store);
    }

    private static String rows(int from, int to, int seq) {
        return ("SELECT 'k' || i AS id, %d AS seq, 1.25 AS amount, NULL AS note, DATE '2026-11-01' AS \"day\", 'p' AS position"
                        + " FROM range(%d, %d) t(i)")
                .formatted(seq, from, to);
    }

    private List<String> read() {
        return wadi.rows(BOOKINGS, "id, seq");
    }

    private void append() {
        wadi.merge(CONTRACT, rows(30, 31, 1));
    }

    private void update() {
        wadi.merge(CONTRACT, rows(0, 10, 9));
    }

    private Path entry(long version) {
        return table.resolve("_delta_log/%020d.json".formatted(version));
    }

    private Path checksum(long version) {
        return table.resolve("_delta_log/%020d.crc".formatted(version));
    }

    private Path first(String ending) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .min(java.util.Comparator.comparing(file -> file.toFile().lastModified()))
                    .orElseThrow();
        }
    }

    private static void cut(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length / 2));
    }

    /** The message of a table exception; other exceptions are none that a user should see. */
    private static String refusal(ThrowingCallable work) {
        Throwable refusal = catchThrowable(work);
        assertThat(refusal).isInstanceOf(TableException.class);
        return String.valueOf(refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEntryThatIsCutShortIsNeverBuiltUpon(boolean empty) throws IOException {
        if (empty) {
            Files.write(entry(3), new byte[0]);
        } else {
            cut(entry(3));
        }
        restart();
        for (ThrowingCallable work : List.<ThrowingCallable>of(this::read, this::append, this::update)) {
            assertThat(refusal(work))
                    .startsWith("silver.bookings cannot be read from " + table)
                    .contains("the log entry of version 3, " + entry(3) + ", is cut short (")
                    .contains("Put it back from a backup", "move it away");
        }
        assertThat(entry(4)).doesNotExist();
        // The cure works.
        Files.delete(entry(3));
        Files.deleteIfExists(checksum(3));
        assertThat(read()).hasSize(10);
        wadi.merge(CONTRACT, rows(20, 25, 2));
        assertThat(read()).hasSize(ROWS);
    }

    @Test
    void anEntryOfAnotherWriterThatIsCutShortIsNotBuiltUpon() throws IOException {
        Files.write(entry(4), new byte[0]);
        assertThat(refusal(this::append)).contains("silver.bookings", "version 4", "is cut short (0 bytes)");
        assertThat(entry(5)).doesNotExist();
    }

    @Test
    void aMissingEntryIsNamed() throws IOException {
        Files.delete(entry(1));
        restart();
        assertThat(refusal(this::read))
                .startsWith("silver.bookings cannot be read from " + table)
                .contains("versions are not contiguous: ([0, 2, 3])")
                .endsWith(
                        "must hold every entry since the last good checkpoint: put what is missing back from a backup");
    }

    @Test
    void aLogWithoutItsBeginningIsNotTakenForANewTable() throws IOException {
        Files.delete(entry(0));
        restart();
        assertThat(refusal(this::append))
                .startsWith("silver.bookings cannot be read from " + table)
                .contains("Missing delta file version 0", "put what is missing back");
        assertThat(entry(0)).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{gar", ""})
    void aDamagedChecksumHarmsNothing(String content) throws IOException {
        Files.writeString(checksum(3), content);
        restart();
        assertThat(read()).hasSize(ROWS);
        append();
        update();
        assertThat(read()).hasSize(ROWS + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PAR1half", "PAR1 a checkpoint whose end was never written", ""})
    void aTornCheckpointHarmsNothingWhileTheLogIsWhole(String content) throws IOException {
        Files.writeString(table.resolve("_delta_log/_last_checkpoint"), "{\"version\":2,\"size\":3}");
        Files.writeString(table.resolve("_delta_log/%020d.checkpoint.parquet".formatted(2)), content);
        restart();
        assertThat(read()).hasSize(ROWS);
        append();
        update();
        assertThat(read()).hasSize(ROWS + 1);
        restart();
        assertThat(read()).hasSize(ROWS + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"vers", "", "{\"version\":2,\"size\":3}"})
    void aPointerToACheckpointThatIsNotThereHarmsNothing(String content) throws IOException {
        Files.writeString(table.resolve("_delta_log/_last_checkpoint"), content);
        restart();
        append();
        assertThat(read()).hasSize(ROWS + 1);
    }

    @Test
    void aTornCheckpointThatReplacedItsEntriesIsSaid() throws IOException {
        Files.writeString(table.resolve("_delta_log/_last_checkpoint"), "{\"version\":2,\"size\":3}");
        Files.writeString(table.resolve("_delta_log/%020d.checkpoint.parquet".formatted(2)), "PAR1 cut short");
        Files.delete(entry(0));
        Files.delete(entry(1));
        for (int version = 0; version <= 3; version++) {
            Files.deleteIfExists(checksum(version));
        }
        restart();
        assertThat(refusal(this::read)).contains("silver.bookings", "put what is missing back from a backup");
    }

    @Test
    void afterHooksThatFailTheCommitStands() throws IOException {
        store.fill(call -> call.file().endsWith(".crc"));
        append();
        update();
        store.heal();
        restart();
        assertThat(read()).hasSize(ROWS + 1);
        append();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDataFileThatIsMissingOrCutShortIsNamed(boolean missing) throws IOException {
        Path damaged = first(".parquet");
        if (missing) {
            Files.delete(damaged);
        } else {
            cut(damaged);
        }
        restart();
        assertThat(refusal(this::update))
                .startsWith("silver.bookings version 3 cannot be read: its data file " + damaged.getFileName()
                        + " is missing or damaged: ")
                .endsWith("Put it back from a backup, or restore the table to a version without it");
        assertThat(entry(4)).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "cut", "empty", "flipped"})
    void aDamagedVectorRaisesNoDeletedRows(String damage) throws IOException {
        Path vectors = first(".bin");
        byte[] content = Files.readAllBytes(vectors);
        switch (damage) {
            case "missing" -> Files.delete(vectors);
            case "cut" -> cut(vectors);
            case "empty" -> Files.write(vectors, new byte[0]);
            default -> {
                content[content.length - 6] ^= 4;
                Files.write(vectors, content);
            }
        }
        restart();
        for (ThrowingCallable work : List.<ThrowingCallable>of(this::read, this::update)) {
            assertThat(refusal(work))
                    .startsWith("silver.bookings version 3 cannot be read: the deletion vector " + vectors)
                    .contains(
                            "of the data file " + table,
                            "is missing or damaged: ",
                            "put the vector back from a backup");
        }
    }

    private static final String PROTOCOL = "{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,"
            + "\"readerFeatures\":[\"columnMapping\",\"deletionVectors\"%s],\"writerFeatures\":[\"columnMapping\","
            + "\"deletionVectors\",\"domainMetadata\",\"invariants\",\"appendOnly\",\"changeDataFeed\"%s]}}\n";

    @Test
    void aFeatureForReadersThatIsUnknownIsNamed() throws IOException {
        Files.writeString(entry(4), PROTOCOL.formatted(",\"warpDrive\"", ",\"warpDrive\""));
        for (int start = 0; start < 2; start++) {
            assertThat(refusal(this::read))
                    .startsWith("silver.bookings cannot be read from " + table)
                    .contains("the table needs the Delta feature warpDrive, which Wadi does not know")
                    .contains("ALTER TABLE ... DROP FEATURE warpDrive");
            restart();
        }
    }

    @Test
    void aFeatureForWritersThatIsUnknownLetsReadersIn() throws IOException {
        Files.writeString(entry(4), PROTOCOL.formatted("", ",\"warpDrive\""));
        assertThat(read()).hasSize(ROWS);
        assertThat(refusal(this::append))
                .startsWith("silver.bookings version 5 cannot be written to " + table)
                .contains("the table needs the Delta feature warpDrive, which Wadi does not know");
        assertThat(read()).hasSize(ROWS);
    }

    private void setProperty(String property) throws IOException {
        String metadata = Files.readAllLines(entry(0)).stream()
                .filter(line -> line.contains("\"metaData\""))
                .findFirst()
                .orElseThrow();
        Files.writeString(
                entry(4),
                PROTOCOL.formatted("", "")
                        + metadata.replace("\"configuration\":{", "\"configuration\":{\"" + property + "\":\"true\",")
                        + "\n");
    }

    @Test
    void anAppendOnlyTableTakesNewRowsAndRefusesUpdates() throws IOException {
        setProperty("delta.appendOnly");
        append();
        assertThat(refusal(this::update))
                .startsWith("silver.bookings version 6 cannot be written to " + table)
                .contains("the table has delta.appendOnly=true", "Set delta.appendOnly=false");
        assertThat(read()).hasSize(ROWS + 1);
    }

    @Test
    void aTableWithChangeDataFeedTakesNewRowsAndRefusesUpdates() throws IOException {
        setProperty("delta.enableChangeDataFeed");
        append();
        assertThat(refusal(this::update))
                .startsWith("silver.bookings version 6 cannot be written to " + table)
                .contains("the table has delta.enableChangeDataFeed=true", "Set delta.enableChangeDataFeed=false");
        assertThat(read()).hasSize(ROWS + 1);
    }

    @Test
    void anotherWriterBetweenPlanAndCommitDoublesAndLosesNothing() {
        FaultyStore theirs = new FaultyStore();
        try (MergeFixture other = open(theirs)) {
            store.before(
                    call -> call.what().equals("sync"),
                    () -> other.merge(CONTRACT, rows(9, 12, 5) + " UNION ALL " + rows(30, 32, 5)));
            MergeOutcome outcome = wadi.merge(CONTRACT, rows(8, 11, 4) + " UNION ALL " + rows(30, 31, 6));
            assertThat(outcome).isInstanceOfSatisfying(MergeOutcome.Committed.class, committed -> {
                assertThat(committed.version()).isEqualTo(5);
                assertThat(committed.work().attempts()).isEqualTo(2);
            });
            assertThat(outcome.counts().updated()).isEqualTo(2);
            assertThat(outcome.counts().stale()).isEqualTo(2);
        }
        assertThat(read())
                .contains("k8|4", "k9|5", "k10|5", "k11|5", "k30|6", "k31|5")
                .hasSize(ROWS + 4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void filesThatAnotherEngineWroteWithoutStatisticsAreMergedInto(boolean alsoMarked) throws IOException {
        for (int version = 1; version <= 3; version++) {
            if (alsoMarked || version != 2) {
                String text = Files.readString(entry(version));
                Files.writeString(entry(version), text.replaceAll(",\"stats\":\"(\\\\.|[^\"\\\\])*\"", ""));
            }
            Files.deleteIfExists(checksum(version));
        }
        restart();
        assertThat(read()).hasSize(ROWS);
        wadi.merge(CONTRACT, rows(2, 8, 5));
        assertThat(read()).hasSize(ROWS).filteredOn(row -> row.endsWith("|5")).hasSize(6);
        restart();
        wadi.merge(CONTRACT, rows(0, 25, 6));
        assertThat(read()).hasSize(25).allMatch(row -> row.endsWith("|6"));
    }

    @Test
    void aConflictNamesBothVersions() {
        TableSnapshot base = wadi.lake.table(BOOKINGS).latest();
        append();
        assertThat(catchThrowable(() -> wadi.lake
                        .table(BOOKINGS)
                        .commit(
                                base,
                                new Change(
                                        List.of(), Map.of(), List.of(), true, null, Map.of(), new CommitNote("TEST")))))
                .isInstanceOf(CommitConflictException.class)
                .hasMessage("silver.bookings is at version 4, not 3 any more");
    }

    @ParameterizedTest
    @ValueSource(strings = {".json", ".parquet", ".bin"})
    void aFullDiskIsNoConflictAndRoomIsAllItTakes(String ending) throws IOException {
        store.fill(call -> call.file().endsWith(ending) && !call.reads());
        Throwable refusal = catchThrowable(() -> wadi.merge(CONTRACT, rows(1, 10, 9)));
        assertThat(refusal).isInstanceOfAny(TableException.class, MergeException.class);
        assertThat(refusal.getMessage()).contains("silver.bookings", "No space left on device");
        if (refusal instanceof TableException) {
            assertThat(refusal.getMessage())
                    .startsWith("silver.bookings version 4 cannot be written to " + table)
                    .contains("the disk is full", "Make room; nothing is lost");
        }
        assertThat(entry(4)).doesNotExist();
        store.heal();
        wadi.merge(CONTRACT, rows(1, 10, 9));
        restart();
        assertThat(read()).hasSize(ROWS).filteredOn(row -> row.endsWith("|9")).hasSize(9);
    }

    @Test
    void aDiskThatFillsUpUnderTheEngineIsSaidAndNothingIsCommitted() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()),
                "only root can mount a small disk");
        try (MergeFixture tight = new MergeFixture(small, store, duckDb, CONTRACT)) {
            tight.merge(CONTRACT, rows(0, 10, 1));
            String large = rows(0, 100_000, 2).replace("NULL AS note", "sha256(i::VARCHAR) || md5(i::VARCHAR) AS note");
            assertThat(refusal(() -> tight.merge(CONTRACT, large)))
                    .startsWith("silver.bookings version 2 cannot be written to " + small)
                    .contains("the disk is full", "Make room; nothing is lost");
            assertThat(tight.rows(BOOKINGS, "id")).hasSize(10);
            assertThat(run("mount", "-o", "remount,size=64m", small.toString())).isTrue();
            tight.merge(CONTRACT, large);
            assertThat(tight.rows(BOOKINGS, "id")).hasSize(100_000);
        } finally {
            assertThat(run("umount", small.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        process.getInputStream().readAllBytes();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
