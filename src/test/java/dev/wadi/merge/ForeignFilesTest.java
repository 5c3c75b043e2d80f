package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contract;
import dev.wadi.contract.TableName;
import dev.wadi.contract.WhenMatched;
import dev.wadi.parts.MovingFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data files of other writers. {@code make interop} has the real ones. */
class ForeignFilesTest {
    private static final TableName BOOKINGS = new TableName("silver", "bookings");

    @TempDir
    Path folder;

    /** Spark writes ids only while a table maps columns; a file of the time before must not read as nulls. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileWithoutFieldIdsIsReadByName(boolean deletionVectors) throws Exception {
        Contract contract = MergeFixture.bookings(WhenMatched.SEQUENCE, deletionVectors, List.of());
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            wadi.merge(contract, row(1, 10));
            writeAgainWithoutIds();
            assertThat(wadi.rows(BOOKINGS, "id, seq, amount")).containsExactly("k|1|10.25");
            wadi.merge(contract, row(2, 20));
            assertThat(wadi.rows(BOOKINGS, "id, seq, amount")).containsExactly("k|2|20.25");
        }
    }

    private static String row(int seq, int amount) {
        return "SELECT 'k' AS id, %d AS seq, %d.25 AS amount, NULL AS note, NULL AS \"day\", 'p' AS position"
                .formatted(seq, amount);
    }

    private void writeAgainWithoutIds() throws Exception {
        try (MergeFixture other = new MergeFixture(Files.createDirectories(folder.resolve("other")));
                Connection connection = other.duckDb.open();
                Statement statement = connection.createStatement()) {
            Path file = MovingFolder.files(folder.resolve("lake")).stream()
                    .filter(each -> each.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            Path copy = folder.resolve("copy.parquet");
            statement.execute("COPY (SELECT * FROM read_parquet('%s')) TO '%s' (FORMAT parquet)".formatted(file, copy));
            Files.move(copy, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
