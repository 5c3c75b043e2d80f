package dev.wadi.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
    private static final String SESSIONS = "SELECT * FROM duckdb_connection_count()";

    @Test
    void aWorkspaceThatFindsNoRoomLeavesNoSession(@TempDir Path spill) throws Exception {
        try (DuckDb duckDb = new DuckDb("128MB", 1, spill);
                Workspace workspace = Workspace.open(duckDb)) {
            long number = Long.parseLong(workspace.catalog().substring("work_".length()));
            for (int next = 1; next <= 50; next++) {
                workspace.execute("ATTACH ':memory:' AS work_" + (number + next));
            }
            long sessions = workspace.count(SESSIONS);

            assertThatExceptionOfType(EngineException.class)
                    .isThrownBy(() -> Workspace.open(duckDb))
                    .withMessageContaining("No room to work in");

            assertThat(workspace.count(SESSIONS)).isEqualTo(sessions);
        }
    }
}
