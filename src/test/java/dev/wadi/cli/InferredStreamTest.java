package dev.wadi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.local.Settings;
import dev.wadi.parts.Await;
import dev.wadi.parts.LakeRows;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code wadi infer} writes from a sample passes lint and runs: the sample itself is dropped, and all its rows are there. */
class InferredStreamTest {
    private static final int ROWS = 3_000;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void aCsvFile() throws Exception {
        StringBuilder text = new StringBuilder("\uFEFFid;station.name;celsius;count;taken;measured_at;ok;note\n");
        for (int i = 0; i < ROWS; i++) {
            text.append("r-%d;\"north; %d\";%d.5;%d;2026-11-%02d;2026-11-20T10:%02d:00Z;%s;%s%n"
                    .formatted(
                            i, i % 7, i % 30, i, 1 + i % 28, i % 60, i % 2 == 0, i % 3 == 0 ? "" : "\"two\nlines\""));
        }
        Path sample = Files.writeString(folder.resolve("sample.csv"), text);
        List<String> rows = land(
                sample,
                "readings",
                "id, station_name, celsius, count, taken, measured_at::VARCHAR LIKE '2026-11-20%', ok, note");
        assertThat(rows)
                .hasSize(ROWS)
                .contains(
                        "r-1|north; 1|1.5|1|2026-11-02|true|false|two\nlines",
                        "r-0|north; 0|0.5|0|2026-11-01|true|true|~");
    }

    @Test
    void anNdjsonFile() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            // three states of each machine; the newest stays
            lines.add(
                    "{\"machine_id\":\"m-%d\",\"updated_at\":\"2026-11-20T1%d:00:00Z\",\"state\":{\"power\":%d,\"mode\":%s},\"tags\":[\"a\",%d]}"
                            .formatted(i / 3, i % 3, i % 3, i % 2 == 0 ? "\"auto\"" : "null", i));
        }
        Path sample = Files.write(folder.resolve("sample.ndjson"), lines);
        assertThat(land(sample, "machines", "machine_id, state_power, state_mode, tags"))
                .hasSize(ROWS / 3)
                .contains("m-0|2|auto|[\"a\",2]", "m-1|2|~|[\"a\",5]");
    }

    @Test
    void aParquetFile() throws Exception {
        Path sample = folder.resolve("sample.parquet");
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("""
                    COPY (SELECT i AS id, 'part ' || i AS name, (i / 4)::DOUBLE AS share, (i * 0.25)::DECIMAL(9, 2) AS price,
                        TIMESTAMPTZ '2026-01-01 00:00:00Z' + INTERVAL (i) SECOND AS at, DATE '2026-01-01' + (i %% 30)::INTEGER AS day,
                        i %% 2 = 0 AS ok, CASE WHEN i %% 5 = 0 THEN NULL ELSE i %% 5 END AS rest
                    FROM range(%d) t(i)) TO '%s' (FORMAT parquet)""".formatted(ROWS, sample));
        }
        assertThat(land(
                        sample,
                        "parts",
                        "id, name, share, price, \"at\" = TIMESTAMPTZ '2026-01-01 00:00:07Z', day, ok, rest"))
                .hasSize(ROWS)
                .contains("7|part 7|1.75|1.75|true|2026-01-08|false|2", "5|part 5|1.25|1.25|false|2026-01-06|false|~");
    }

    /** Infers, lints, drops the sample where the written route says, and returns the rows of silver. */
    private List<String> land(Path sample, String stream, String columns) throws Exception {
        Map<String, Object> properties = Map.of(
                "wadi.routes-dir", folder.resolve("routes").toString(),
                "wadi.schemas-dir", folder.resolve("schemas").toString(),
                "wadi.lake", folder.resolve("lake").toString(),
                "wadi.data-dir", folder.resolve("data").toString(),
                "wadi.duckdb-memory", "256MB",
                // nobody there: files need no broker
                "rabbitmq.uri", "amqp://guest:guest@127.0.0.1:1");
        try (ApplicationContext configured =
                ApplicationContext.builder(properties, Environment.TEST).build()) {
            configured.getEnvironment().start();
            Settings settings = Settings.read(configured.getEnvironment());
            PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
            CommandLine words = CommandLine.parse("1", "infer", sample.toString(), "--stream", stream);
            assertThat(new DataDesk(out, out).run(((CommandLine.Data) words).task(), settings))
                    .as("%s", said)
                    .isZero();
            assertThat(new LintDesk(out, out).run(settings, false))
                    .as("%s", said)
                    .isZero();
        }
        Path inbox = Files.createDirectories(folder.resolve("data/inbox").resolve(stream));
        Files.copy(sample, inbox.resolve(sample.getFileName()));
        TableName bronze = TableName.parse("bronze." + stream);
        TableName silver = TableName.parse("silver." + stream);
        try (ApplicationContext wadi = ApplicationContext.run(properties)) {
            Await.until(
                    "the file is processed",
                    () -> names(folder.resolve("data/processed").resolve(stream)) == 1);
            assertThat(LakeRows.of(wadi, bronze, "SELECT count(DISTINCT position), min(source) FROM t"))
                    .containsExactly("%d|file:inbox/%s".formatted(ROWS, stream));
            assertThat(folder.resolve("data/rejected")).doesNotExist();
            assertThat(folder.resolve("lake/quarantine")).doesNotExist();
            Await.until(
                    "silver has them all",
                    () -> LakeRows.of(wadi, silver, "SELECT sum(1) FROM t").equals(List.of(expected(stream))));
            return LakeRows.of(wadi, silver, "SELECT %s FROM t".formatted(columns));
        }
    }

    private static String expected(String stream) {
        return Integer.toString(stream.equals("machines") ? ROWS / 3 : ROWS);
    }

    private static long names(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.count();
        }
    }
}
