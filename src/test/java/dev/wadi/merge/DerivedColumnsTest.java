package dev.wadi.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Column;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.Contract;
import dev.wadi.contract.EventShape;
import dev.wadi.contract.Merging;
import dev.wadi.contract.TableName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerivedColumnsTest {
    private static final TableName TABLE = new TableName("silver", "things");

    @TempDir
    Path folder;

    private static Column derived(String name, ColumnType type, String by) {
        return new Column(name, type, false, false, true, by, "", null);
    }

    @Test
    void aRowMovesToTheFolderOfItsDerivedDayAndColumnsThatAreNotStoredStayOut() {
        Contract contract = new Contract(
                TABLE,
                "",
                List.of(
                        MergeFixture.column("id", ColumnType.Simple.STRING, true, false),
                        MergeFixture.column("seq", ColumnType.Simple.LONG, true, false),
                        new Column("raw", ColumnType.Simple.STRING, false, false, false, null, "", null),
                        derived("day", ColumnType.Simple.DATE, "CAST(raw AS DATE) -- fails for some")),
                List.of("id"),
                Merging.newest(List.of("seq")),
                List.of("day"),
                List.of(),
                null,
                true,
                Path.of("t.odcs.yaml"));
        try (MergeFixture wadi = new MergeFixture(folder, contract)) {
            wadi.merge(contract, "SELECT 'a' AS id, 1 AS seq, '2026-01-31' AS raw UNION ALL SELECT 'b', 1, 'no day'");
            assertThat(wadi.rows(TABLE, "id, day")).containsExactly("a|2026-01-31", "b");
            assertThat(wadi.lake.table(TABLE).latest().files().keySet())
                    .anyMatch(path -> path.startsWith("day=2026-01-31/"));

            wadi.merge(contract, "SELECT 'a' AS id, 2 AS seq, '2026-02-01' AS raw");
            assertThat(wadi.rows(TABLE, "id, seq, day")).containsExactly("a|2|2026-02-01", "b|1");
            assertThat(wadi.lake.table(TABLE).latest().columns())
                    .extracting(column -> column.name())
                    .containsExactly("id", "seq", "day");
        }
    }

    @Test
    void eventsHaveDerivedColumnsToo() throws Exception {
        Contract contract = new Contract(
                TABLE,
                "",
                List.of(
                        new Column("event_id", ColumnType.Simple.STRING, true, false, "", Column.Fill.EVENT_ID),
                        derived("kind", ColumnType.Simple.STRING, "payload ->> '$.kind'"),
                        new Column("_extra", ColumnType.Simple.JSON, false, false, "", Column.Fill.EXTRA),
                        new Column("payload", ColumnType.Simple.JSON, true, false, "", Column.Fill.PAYLOAD)),
                List.of("event_id"),
                Merging.keepFirst(),
                List.of("kind"),
                List.of(),
                new EventShape(
                        "things",
                        "id",
                        List.of(new EventShape.Field(
                                "id", EventShape.Type.STRING, true, "", List.of(), null, null, List.of()))),
                true,
                Path.of("t.odcs.yaml"));
        try (MergeFixture wadi = new MergeFixture(folder, contract);
                Intakes intakes =
                        new Intakes(wadi.contracts, wadi.merger, IntakeSettings.DEFAULTS, new SimpleMeterRegistry())) {
            byte[] body = "[{\"id\": \"a\", \"kind\": \"x\", \"n\": 123456789012345678901234567890}, {\"id\": \"b\"}]"
                    .getBytes(StandardCharsets.UTF_8);
            intakes.intake(TABLE)
                    .submit(new Delivery(body, "application/json", "test", "1", Instant.EPOCH))
                    .get();
            assertThat(wadi.rows(TABLE, "event_id, kind, _extra"))
                    .containsExactly("a|x|{\"kind\":\"x\",\"n\":123456789012345678901234567890}", "b");
        }
    }
}
