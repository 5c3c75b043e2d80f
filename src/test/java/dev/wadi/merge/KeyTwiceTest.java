package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.WhenMatched;
import dev.wadi.engine.ParquetWriter;
import dev.wadi.engine.Workspace;
import dev.wadi.table.Change;
import dev.wadi.table.CommitNote;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.TableSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wadi never writes a key twice, but another writer of the table may. */
class KeyTwiceTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, true", "0, false", "1000000, true", "1000000, false"})
    void an_update_leaves_one_row_of_a_key_that_another_writer_put_in_twice(long indexBytes, boolean vectors)
            throws Exception {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, vectors, List.of());
        try (MergeFixture wadi = new MergeFixture(folder, indexBytes, contract)) {
            wadi.merge(contract, rows(1));
            append(wadi, contract, rows(2));
            assertThat(wadi.rows(contract.table(), "id, seq")).containsExactly("a|1", "a|2", "b|1", "b|2");

            MergeOutcome older = wadi.merge(contract, rows(1));
            assertThat(older.counts().stale() + older.counts().duplicate()).isEqualTo(2);
            MergeOutcome newer = wadi.merge(contract, rows(3));

            assertThat(newer.counts().updated()).isEqualTo(2);
            assertThat(wadi.rows(contract.table(), "id, seq")).containsExactly("a|3", "b|3");
        }
    }

    private static String rows(int sequence) {
        return "SELECT id, %d::BIGINT AS seq, 1.25 AS amount, 'n' AS note, DATE '2026-11-01' AS \"day\", 'p' AS \"position\" FROM (VALUES ('a'), ('b')) v(id)"
                .formatted(sequence);
    }

    /** Appends without looking for keys. */
    private static void append(MergeFixture wadi, Contract contract, String select) throws Exception {
        DeltaTable table = wadi.lake.table(contract);
        TableSnapshot base = table.latest();
        try (Workspace workspace = Workspace.open(wadi.duckDb)) {
            List<Change.NewFile> files = ParquetWriter.write(workspace.session(), select, base, false);
            table.commit(base, new Change(files, Map.of(), List.of(), false, null, Map.of(), new CommitNote("WRITE")));
        }
    }
}
