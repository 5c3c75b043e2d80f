package dev.wadi.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wadi.parts.KafkaServer;
import dev.wadi.parts.RabbitMqServer;
import dev.wadi.proof.LakeReader;
import dev.wadi.proof.WadiProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is measured: the packaged app with a real RabbitMQ as broker, 1 GiB of heap and 1 GB for DuckDB. */
final class Subject implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(120);
    private static final Map<String, String> SETTINGS = Map.of("WADI_DUCKDB_MEMORY", "1GB");

    final RabbitMqServer rabbit;
    final @Nullable KafkaServer kafka;
    final WadiProcess wadi;
    final LakeReader lake;

    /** Names this run in the ids of its events. */
    final String run = "r" + Long.toString(System.currentTimeMillis() % 100_000_000, 36);

    final Clicks clicks = new Clicks(run, "2026-06-01");

    /** @param withKafka whether there is a Kafka broker, too */
    Subject(Path folder, boolean withKafka) throws IOException, InterruptedException {
        rabbit = RabbitMqServer.start();
        Map<String, String> environment = new HashMap<>(SETTINGS);
        environment.put("RABBITMQ_URI", rabbit.uri());
        kafka = withKafka ? KafkaServer.start() : null;
        if (kafka != null) {
            kafka.createTopic(KafkaPart.TOPIC, KafkaPart.PARTITIONS);
            environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.brokers());
        }
        wadi = new WadiProcess(folder, environment);
        lake = new LakeReader(wadi.lake());
        wadi.start();
    }

    RawAmqp raw() throws IOException, TimeoutException {
        return new RawAmqp(rabbit.connect());
    }

    /** Rows of a table as the app says; 0 when there is no table yet. */
    long rows(String table) throws IOException, InterruptedException {
        try {
            return wadi.http().get("/api/tables/" + table).json().path("rows").asLong();
        } catch (IOException e) {
            throw new IOException("The app does not answer:\n" + wadi.tail(), e);
        }
    }

    /** Waits until a table holds so many rows, asking every 50 ms. */
    void awaitRows(String table, long rows) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while (rows(table) < rows) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("%s%n%s has %,d rows after %s, not %,d%n%s%n%s%n%s"
                        .formatted(
                                wadi.tail(),
                                table,
                                rows(table),
                                DRAIN,
                                rows,
                                wadi.http()
                                        .get("/prometheus")
                                        .body()
                                        .lines()
                                        .filter(line -> line.contains("\"%s\"".formatted(table)))
                                        .collect(Collectors.joining("\n")),
                                wadi.http().get("/api/routes").body(),
                                rabbit.control(
                                        "list_queues",
                                        "name",
                                        "messages_ready",
                                        "messages_unacknowledged",
                                        "consumers")));
            }
            Thread.sleep(50);
        }
    }

    /** Waits until every accepted event is in silver and gold has stood still for a second. */
    void drained() throws IOException, InterruptedException {
        awaitRows("silver.clickstream", rows("bronze.clickstream"));
        String before = "";
        String now = versions();
        while (!now.equals(before)) {
            Thread.sleep(1_000);
            before = now;
            now = versions();
        }
        awaitRows("silver.clickstream", rows("bronze.clickstream"));
    }

    private String versions() throws IOException, InterruptedException {
        StringBuilder versions = new StringBuilder();
        JsonNode answer = wadi.http().get("/api/tables").json();
        for (JsonNode table : answer.isArray() ? answer : answer.path("tables")) {
            versions.append(table.path("name").asText())
                    .append(table.path("version").asText());
        }
        return versions.toString();
    }

    /** Heap and resident memory of the app, as one line. */
    String memory() throws IOException, InterruptedException {
        double heap = wadi.http()
                .get("/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes") && line.contains("area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        return "heap %.0f MiB, resident %.0f MiB (most so far %.0f MiB)"
                .formatted(heap / (1 << 20), process("VmRSS:") / 1024, process("VmHWM:") / 1024);
    }

    private double process(String field) throws IOException {
        Path status = Path.of("/proc", Long.toString(wadi.pid()), "status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(field))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Holds the process still, so that a queue can fill, or lets it go on. */
    void hold(boolean still) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", still ? "-STOP" : "-CONT", Long.toString(wadi.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill ended with " + status);
        }
    }

    @Override
    public void close() throws InterruptedException {
        try (rabbit;
                kafka;
                wadi) {
            if (wadi.alive()) {
                wadi.stop();
            }
        }
    }
}
