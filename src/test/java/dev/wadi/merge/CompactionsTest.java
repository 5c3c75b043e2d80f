package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.Workspace;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionsTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");

    @TempDir
    Path folder;

    @Test
    void manySmallFilesBecomeOneAndNoReaderOfChangesSeesIt() {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of("day"));
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            Compactions compactions = new Compactions(wadi.merger, CompactionSettings.DEFAULTS);
            for (int batch = 0; batch < 20; batch++) {
                wadi.merge(
                        contract,
                        ("SELECT 'k' || (i + %d) AS id, %d AS seq, 1.5 AS amount, NULL AS note,"
                                        + " DATE '2026-11-01' + (i %% 2)::INTEGER AS \"day\", 'p' AS position FROM range(6) t(i)")
                                .formatted(batch * 2, batch));
            }
            List<String> before = wadi.rows(BOOKINGS, "id, seq, day");
            long version = wadi.lake.table(BOOKINGS).latest().version();
            assertThat(wadi.lake.table(BOOKINGS).latest().files()).hasSizeGreaterThan(30);

            while (compactions.compact(BOOKINGS)) {
                assertThat(wadi.rows(BOOKINGS, "id, seq, day")).isEqualTo(before);
            }

            assertThat(wadi.lake.table(BOOKINGS).latest().files()).hasSizeLessThan(10);
            assertThat(wadi.rows(BOOKINGS, "id, seq, day")).isEqualTo(before);
            assertThat(wadi
                            .lake
                            .table(BOOKINGS)
                            .upserts(version, wadi.lake.table(BOOKINGS).latest().version())
                            .values()
                            .stream()
                            .flatMap(List::stream))
                    .isEmpty();
        }
    }

    @Test
    void theRowsOfACompactedFileAreSortedByTheKey() {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            wadi.merge(contract, numbers(5, 0, 1));
            wadi.merge(contract, numbers(5, 3, 2));
            new Compactions(wadi.merger, CompactionSettings.DEFAULTS).optimize(BOOKINGS);

            TableSnapshot compacted = wadi.lake.table(BOOKINGS).latest();
            assertThat(compacted.files()).hasSize(1);
            assertThat(compacted.files().values()).allMatch(file -> file.vector() == null);
            assertThat(stored(wadi, compacted, "id")).isSorted().hasSize(8);
        }
    }

    @Test
    void eventsStayInTheOrderInWhichTheyCame() throws Exception {
        Contract contract = Contracts.load(Path.of("schemas", "tables")).get(TableName.parse("bronze.clickstream"));
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            for (String id : List.of("c", "a", "b")) {
                wadi.merge(
                        contract,
                        "SELECT '%s' AS event_id, '{}' AS payload, 's' AS source, 'p' AS \"position\", now() AS received_at"
                                .formatted(id));
            }

            DeltaTable table = wadi.lake.table(contract.table());
            Compaction compaction = new Compaction(wadi.merger, table);
            try (Workspace workspace = Workspace.open(wadi.duckDb)) {
                assertThat(compaction.commit(writeAll(compaction, workspace, table.latest())))
                        .isPresent();
            }
            TableSnapshot compacted = table.latest();
            assertThat(compacted.files()).hasSize(1);
            assertThat(stored(wadi, compacted, "event_id")).containsExactly("c", "a", "b");
        }
    }

    private static Compaction.Work writeAll(Compaction compaction, Workspace workspace, TableSnapshot base)
            throws Exception {
        return compaction.write(workspace, base, List.copyOf(base.files().values()));
    }

    @Test
    void rowsThatAreUpdatedWhileAFileIsCompactedAreMarkedInTheNewOne() throws Exception {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of("day"));
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            // More than two row groups, and in the old files not in the order of the key.
            wadi.merge(contract, numbers(200_000, 100_000, 1));
            wadi.merge(contract, numbers(150_000, 0, 2));
            DeltaTable table = wadi.lake.table(BOOKINGS);
            TableSnapshot base = table.latest();
            Compaction compaction = new Compaction(wadi.merger, table);
            try (Workspace workspace = Workspace.open(wadi.duckDb)) {
                Compaction.Work work = writeAll(compaction, workspace, base);
                wadi.merge(contract, numbers(70_000, 90_000, 3));
                wadi.merge(contract, numbers(1, 299_999, 4));
                List<String> rows = wadi.rows(BOOKINGS, "id, seq, day");

                assertThat(compaction.commit(work)).isPresent();

                assertThat(table.latest().files()).hasSize(3);
                assertThat(wadi.rows(BOOKINGS, "id, seq, day")).isEqualTo(rows).hasSize(300_000);
            }
            assertThat(table.history(1, 0).commits().getFirst().metrics())
                    .containsEntry("numRowsMarkedMeanwhile", "70001")
                    .containsEntry("numRemovedFiles", "2");
        }
    }

    @Test
    void aCompactionWhoseFilesAMergeTookAwayLeavesTheTableAsItIs() throws Exception {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, false, List.of());
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            wadi.merge(contract, numbers(10, 0, 1));
            wadi.merge(contract, numbers(10, 10, 1));
            DeltaTable table = wadi.lake.table(BOOKINGS);
            TableSnapshot base = table.latest();
            Compaction compaction = new Compaction(wadi.merger, table);
            try (Workspace workspace = Workspace.open(wadi.duckDb)) {
                Compaction.Work work = writeAll(compaction, workspace, base);
                wadi.merge(contract, numbers(1, 5, 2));
                long version = table.latest().version();

                assertThat(compaction.commit(work)).isEmpty();

                assertThat(table.latest().version()).isEqualTo(version);
                assertThat(wadi.rows(BOOKINGS, "id")).hasSize(20);
            }
        }
    }

    @Test
    void aLargeFileIsWrittenAgainWhenMuchOfItIsDeletedAndNotBefore() {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, true, List.of());
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            Compactions compactions = new Compactions(wadi.merger, new CompactionSettings(1 << 20, 30));
            wadi.merge(
                    contract,
                    "SELECT 'k' || (1000000 + i) AS id, 1 AS seq, 1.5 AS amount, uuid()::VARCHAR AS note, NULL::DATE AS \"day\","
                            + " 'p' AS position FROM range(100000) t(i)");
            wadi.merge(contract, numbers(20_000, 0, 2));
            assertThat(compactions.compact(BOOKINGS)).isFalse();
            wadi.merge(contract, numbers(15_000, 20_000, 2));
            List<String> rows = wadi.rows(BOOKINGS, "id, seq");

            assertThat(compactions.compact(BOOKINGS)).isTrue();

            assertThat(wadi.lake.table(BOOKINGS).latest().files().values()).allMatch(file -> file.vector() == null);
            assertThat(wadi.rows(BOOKINGS, "id, seq")).isEqualTo(rows);
            assertThat(compactions.compact(BOOKINGS)).isFalse();
        }
    }

    /** Rows {@code from} on, in no order, all of one day. */
    private static String numbers(int count, int from, int seq) {
        return ("SELECT 'k' || (1000000 + i) AS id, %d AS seq, 1.5 AS amount, NULL AS note, DATE '2026-11-01' AS \"day\","
                        + " 'p' AS position FROM range(%d, %d) t(i) ORDER BY hash(i)")
                .formatted(seq, from, from + count);
    }

    private static List<String> stored(MergeFixture wadi, TableSnapshot snapshot, String column) {
        List<String> ids = new ArrayList<>();
        try (Connection session = wadi.duckDb.open();
                Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT %s FROM read_parquet('%s/%s', file_row_number = true) ORDER BY file_row_number"
                                .formatted(
                                        column,
                                        snapshot.folder(),
                                        snapshot.files().keySet().iterator().next()))) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return ids;
    }
}
