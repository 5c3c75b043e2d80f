package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Sql;
import dev.wadi.store.LocalStore;
import dev.wadi.table.Change;
import dev.wadi.table.CommitNote;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import dev.wadi.table.TableException;
import dev.wadi.table.TableSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a KPI whose table is damaged. */
class DamagedAnswersTest {
    private static final TableName ORDERS = TableName.parse("gold.fact_orders");

    @Test
    void an_answer_from_a_damaged_table_names_table_version_and_cure(@TempDir Path folder) throws Exception {
        try (DuckDb duckDb = new DuckDb("128MB", 1, folder.resolve("spill"));
                Lake lake = new Lake(new LocalStore(), folder.resolve("lake"), Gold.contracts());
                LakeReader reader = new LakeReader(duckDb, lake)) {
            Path file = folder.resolve("lake/gold/fact_orders/one.parquet");
            bring(duckDb, lake.table(ORDERS), file);
            Answers answers = new Answers(new LakeReading(reader));
            Question question = Gold.kpis()
                    .find("orders")
                    .map(kpi -> QuestionReader.read(kpi, Map.of(), Clock.systemUTC(), Claims.OPEN))
                    .orElseThrow();
            assertThat(answers.answer(question).answer().rows()).hasSize(1);

            Files.delete(file);

            assertThatExceptionOfType(TableException.class)
                    .isThrownBy(() -> answers.answer(question))
                    .withMessageStartingWith("gold.fact_orders version 1 cannot be read: its data file one.parquet")
                    .withMessageContaining("Put it back from a backup");
        }
    }

    /** Brings a row of nulls. */
    private static void bring(DuckDb duckDb, DeltaTable table, Path file) throws Exception {
        TableSnapshot base = table.latest();
        String nulls = base.columns().stream()
                .map(column -> "NULL::" + column.physicalSql() + " AS " + Sql.name(column.physicalName()))
                .collect(Collectors.joining(", "));
        try (Connection session = duckDb.open();
                Statement statement = session.createStatement()) {
            statement.execute("COPY (SELECT %s) TO '%s' (FORMAT parquet)".formatted(nulls, file));
        }
        Change.NewFile added = new Change.NewFile(
                file.getFileName().toString(), Map.of(), Files.size(file), 1, "{\"numRecords\":1}", false);
        table.commit(
                base, new Change(List.of(added), Map.of(), List.of(), false, null, Map.of(), new CommitNote("WRITE")));
    }
}
