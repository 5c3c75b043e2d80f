package dev.wadi.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.wadi.contract.Contract;
import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.event.FlatFormat;
import dev.wadi.event.FlatRow;
import dev.wadi.generator.ClickstreamEvents;
import dev.wadi.generator.Options;
import dev.wadi.parts.LakeRows;
import dev.wadi.parts.RabbitMqServer;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is guessed from a sample is read by the contracts, runs, and takes the whole sample. */
class InferenceTest {
    @TempDir
    Path folder;

    @Test
    void nestedJsonBecomesAStreamThatTakesItsSample() throws Exception {
        List<String> events = new ArrayList<>(ClickstreamEvents.texts(
                        new Options(3, Instant.parse("2026-03-01T08:00:00Z"), 0, 0, 0, 0, 0, 0.1, 0.1), 800)
                .toList());
        events.add("{\"event_id\":\"e-1\",\"user_id\":7,\"action\":\"it's\",\"event_time\":\"2026-03-01T08:00:00Z\","
                + "\"page_url\":null,\"tags\":[1,\"a\"],\"Odd Name\":true,\"location\":{\"country\":\"SE\",\"city\":\"x\",\"lat\":1,\"lon\":2},"
                + "\"engagement\":{\"time_on_page_ms\":1,\"scroll_depth\":1},\"nothing\":null}");
        Path sample = Files.write(folder.resolve("sample.ndjson"), events);

        assertThat(infer(sample, "visits")).hasSize(6);
        Contract silver = contracts().get(TableName.parse("silver.visits"));
        assertThat(silver.primaryKey()).containsExactly("event_id");
        assertThat(silver.column("location_lat").type().sql()).isEqualTo("DOUBLE");
        assertThat(silver.column("odd_name").type().sql()).isEqualTo("BOOLEAN");
        assertThat(Files.readString(folder.resolve("schemas/tables/bronze.visits.odcs.yaml")))
                .contains("# in all 801 samples, so it is required; string: the samples are of several types")
                .contains("# nothing: null in all 801 samples");
        assertThat(run("visits", events, "event_id, user_id, action, tags, odd_name, location_country, event_time"))
                .hasSize(801)
                .contains("e-1|7|it's|[1,\"a\"]|true|SE|2026-03-01T08:00Z");
    }

    @Test
    void aCsvFileOfStatesBecomesAStreamThatKeepsTheNewest() throws Exception {
        List<String> lines =
                new ArrayList<>(List.of("Reading ID;sensor.zip;celsius;count;taken;updated at;ok;note;empty"));
        for (int i = 0; i < 300; i++) {
            lines.add("r-%03d;0%d;%d.5;%d;2026-11-20;2026-11-20T%02d:00:00Z;%s;%s;"
                    .formatted(
                            i % 100, 1000 + i % 7, 20 + i % 9, i, i / 100, i % 2 == 0, i % 3 == 0 ? "" : "\"a; b\""));
        }
        Path sample = Files.write(folder.resolve("sample.csv"), lines);

        infer(sample, "readings");
        Contract silver = contracts().get(TableName.parse("silver.readings"));
        assertThat(silver.primaryKey()).containsExactly("reading_id");
        assertThat(silver.sequenceBy()).containsExactly("updated_at");
        assertThat(silver.column("sensor_zip").type().sql()).isEqualTo("VARCHAR");
        assertThat(silver.column("celsius").type().sql()).isEqualTo("DOUBLE");
        assertThat(silver.column("taken").type().sql()).isEqualTo("DATE");
        FlatRow rows = FlatRow.of(
                Objects.requireNonNull(
                        contracts().stream("readings").orElseThrow().event()),
                List.of(lines.getFirst().split(";", -1)),
                FlatFormat.ISO);
        List<String> events = lines.stream()
                .skip(1)
                .map(line ->
                        new String(rows.event(line.replace("\"a; b\"", "a, b").split(";", -1)), StandardCharsets.UTF_8))
                .toList();
        assertThat(run("readings", events, "reading_id, sensor_zip, celsius, count, taken, ok, note"))
                .hasSize(100)
                .contains("r-007|01004|20.5|207|2026-11-20|false|~");
    }

    @Test
    void aParquetFileKeepsItsTypes() throws Exception {
        Path sample = folder.resolve("sample.parquet");
        try (java.sql.Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute(
                    "COPY (SELECT i AS id, 'p' || i AS name, i / 3 AS share, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS at, i %% 2 = 0 AS ok FROM range(50) t(i)) TO '%s' (FORMAT parquet)"
                            .formatted(sample));
        }
        infer(sample, "parts");
        Contract silver = contracts().get(TableName.parse("silver.parts"));
        assertThat(silver.columns().stream()
                        .limit(5)
                        .map(column -> column.name() + " " + column.type().sql()))
                .containsExactly("id BIGINT", "name VARCHAR", "share DOUBLE", "at TIMESTAMPTZ", "ok BOOLEAN");
        assertThat(silver.primaryKey()).containsExactly("id");
    }

    @Test
    void whatIsThereIsNotOverwrittenAndNothingIsWrittenThen() throws Exception {
        Path sample = Files.writeString(folder.resolve("sample.ndjson"), "{\"id\":\"a\"}\n");
        infer(sample, "visits");
        Path query = folder.resolve("routes/transform/silver_visits.sql");
        Files.writeString(query, "-- mine");
        Files.delete(folder.resolve("routes/ingest/visits.camel.yaml"));

        assertThatThrownBy(() -> infer(sample, "visits"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(query.toString())
                .hasMessageContaining("stays as it is: give the stream another name");
        assertThat(query).hasContent("-- mine");
        assertThat(folder.resolve("routes/ingest/visits.camel.yaml")).doesNotExist();
        assertThatThrownBy(() -> infer(Files.writeString(folder.resolve("x.json"), "[]"), "visits"))
                .hasMessageContaining("x.json:1 is no JSON object: an event is one");
    }

    private List<Path> infer(Path sample, String stream) throws IOException {
        return new Inference(folder.resolve("schemas"), folder.resolve("routes")).write(sample, stream);
    }

    private Contracts contracts() {
        return Contracts.load(folder.resolve("schemas/tables"));
    }

    /** Publishes the events and waits until silver has stopped to grow; its rows as texts. */
    private List<String> run(String stream, List<String> events, String columns) throws Exception {
        try (RabbitMqServer broker = RabbitMqServer.start();
                ApplicationContext wadi = ApplicationContext.run(Map.of(
                        "rabbitmq.uri", broker.uri(),
                        "wadi.routes-dir", folder.resolve("routes").toString(),
                        "wadi.schemas-dir", folder.resolve("schemas").toString(),
                        "wadi.lake", folder.resolve("lake").toString(),
                        "wadi.data-dir", folder.resolve("data").toString(),
                        "wadi.duckdb-memory", "256MB"))) {
            try (Connection connection = broker.connect();
                    Channel channel = connection.createChannel()) {
                channel.confirmSelect();
                for (String event : events) {
                    channel.basicPublish("events", stream, null, event.getBytes(StandardCharsets.UTF_8));
                }
                channel.waitForConfirmsOrDie(60_000);
            }
            TableName bronze = TableName.parse("bronze." + stream);
            TableName silver = TableName.parse("silver." + stream);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (rows(wadi, bronze, "event_id").size() < events.size() && System.nanoTime() < deadline) {
                Thread.sleep(200);
            }
            assertThat(rows(wadi, bronze, "event_id")).hasSize(events.size());
            List<String> rows = List.of();
            for (int quiet = 0; quiet < 5; quiet++) {
                List<String> now = rows(wadi, silver, columns);
                quiet = now.equals(rows) && !now.isEmpty() ? quiet : -1;
                assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
                rows = now;
                Thread.sleep(500);
            }
            return rows;
        }
    }

    private static List<String> rows(ApplicationContext wadi, TableName table, String columns) {
        return LakeRows.of(wadi, table, "SELECT %s FROM t ORDER BY ALL".formatted(columns));
    }
}
