package dev.wadi.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import dev.wadi.store.LocalStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitHooksTest {
    private static final TableName THINGS = new TableName("silver", "things");

    @Test
    void aCommitStandsAlsoWhenNobodyIsLeftToWriteItsChecksum(@TempDir Path folder) throws Exception {
        Contract contract = new Contract(
                THINGS,
                "things",
                List.of(new Column("id", ColumnType.Simple.STRING, true, false, "id", null)),
                List.of("id"),
                Merging.replace(),
                List.of(),
                List.of(),
                null,
                true,
                Path.of("things.odcs.yaml"));
        Lake lake = new Lake(new LocalStore(), folder, new Contracts(List.of(contract)));
        DeltaTable table = lake.table(THINGS);
        TableSnapshot base = table.latest();
        lake.close();

        TableSnapshot next = table.commit(
                base, new Change(List.of(), Map.of(), List.of(), false, null, Map.of(), new CommitNote("WRITE")));

        assertThat(next.version()).isEqualTo(base.version() + 1);
        assertThat(table.latest()).isSameAs(next);
    }
}
