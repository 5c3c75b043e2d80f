package dev.wadi.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.wadi.parts.Await;
import dev.wadi.parts.AzuriteServer;
import dev.wadi.parts.KafkaServer;
import dev.wadi.parts.RabbitMqServer;
import dev.wadi.proof.Http;
import dev.wadi.proof.WadiProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged app with the environment that {@code docker-compose.yml} gives it. The services are real ones, set up with the files that
 * the containers would get; only the names of hosts and the places in the container are others. An event comes in by every door
 * and is in the answer of a KPI; then every metric that alerts and dashboard name is there.
 */
class ComposeIT {
    private static final Path FILES = Path.of("src/compose");
    private static final String WHEN = "2026-11-20T10:00:00Z";

    @TempDir
    Path folder;

    private final ComposeFile compose = ComposeFile.read(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:19092"));

    @Test
    @Timeout(600)
    void anEventComesThroughEveryDoorToAKpi() throws Exception {
        try (RabbitMqServer rabbitmq = RabbitMqServer.configured(FILES.resolve("rabbitmq"));
                SourceDatabase postgres = new SourceDatabase(folder.resolve("pg"), compose);
                KafkaServer kafka = KafkaServer.start(
                        properties -> here(ComposeFile.text(FILES.resolve("kafka/server.properties"))));
                AzuriteServer azurite = AzuriteServer.start()) {
            azurite.container().delete();
            Map<String, String> hosts = Map.of(
                    "rabbitmq:5672", "127.0.0.1:" + rabbitmq.port(),
                    "postgres:5432", postgres.host(),
                    "kafka:19092", kafka.brokers(),
                    "azurite:10000", azurite.host());
            try (WadiProcess wadi = new WadiProcess(folder, environment(hosts))) {
                wadi.start();
                assertThat(rows(wadi, "events")).isZero();
                send(wadi, rabbitmq, postgres, kafka, azurite);
                Await.until("the clicks of six doors, in " + wadi.tail(), () -> rows(wadi, "events") == 6);
                // the first is that of the README, two are in tables of PostgreSQL
                Await.until("the orders of three doors, in " + wadi.tail(), () -> rows(wadi, "orders") == 3);
                assertThat(wadi.http()
                                .get("/api/kpis/revenue?grain=day&by=product_type")
                                .body())
                        .contains("241");
                assertThat(folder.resolve("data"))
                        .as("no embedded part has run")
                        .isDirectoryNotContaining(file -> Set.of("broker", "postgres", "kafka", "azurite")
                                .contains(file.getFileName().toString()));
                everyMetricIsThere(wadi);
                wadi.stop();
                assertThat(wadi.exitValue()).as(wadi.tail()).isZero();
            }
        }
    }

    /** As in the container, but for what differs on this machine. */
    private Map<String, String> environment(Map<String, String> hosts) {
        Map<String, String> environment = new TreeMap<>();
        compose.environment("wadi").forEach((name, value) -> {
            String here = value;
            for (Map.Entry<String, String> host : hosts.entrySet()) {
                here = here.replace(host.getKey(), host.getValue());
            }
            environment.put(name, here);
        });
        environment.put("WADI_HTTP_HOST", "127.0.0.1");
        environment.remove("WADI_HTTP_PORT");
        environment.put("WADI_DATA_DIR", folder.resolve("data").toString());
        environment.put("WADI_ROUTES_DIR", Path.of("routes").toAbsolutePath().toString());
        environment.put("WADI_SCHEMAS_DIR", Path.of("schemas").toAbsolutePath().toString());
        return environment;
    }

    /** The broker of Kafka with free ports; clients of this test use the listener that Wadi has in the container. */
    private static String here(String properties) {
        return properties
                        .replace("1@kafka:9093", "1@127.0.0.1:{controller}")
                        .replace(
                                "INSIDE://:19092,HOST://:9092,CONTROLLER://:9093",
                                "INSIDE://127.0.0.1:{port},HOST://127.0.0.1:{other},CONTROLLER://127.0.0.1:{controller}")
                        .replace(
                                "INSIDE://kafka:19092,HOST://127.0.0.1:9092",
                                "INSIDE://127.0.0.1:{port},HOST://127.0.0.1:{other}")
                        .replace("/var/lib/kafka/data", "{data}")
                + "\nlog.cleaner.dedupe.buffer.size=10485760\n";
    }

    private void send(
            WadiProcess wadi,
            RabbitMqServer rabbitmq,
            SourceDatabase postgres,
            KafkaServer kafka,
            AzuriteServer azurite)
            throws Exception {
        post(wadi, "clickstream", click("http"));
        post(wadi, "bookings", bookingOfTheReadme());
        ConnectionFactory publisher = new ConnectionFactory();
        publisher.setUri(rabbitmq.uri());
        try (Connection connection = publisher.newConnection();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish(
                    "events", "clickstream", true, MessageProperties.PERSISTENT_BASIC, bytes(click("amqp")));
            channel.waitForConfirmsOrDie(10_000);
        }
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer()) {
            producer.send(new ProducerRecord<>("topic_0", bytes(click("kafka"))))
                    .get();
        }
        Path written = Files.writeString(folder.resolve("clicks.ndjson"), click("folder"));
        Path drops = Files.createDirectories(folder.resolve("data/drops/clickstream"));
        Files.move(written, drops.resolve("clicks.ndjson"), StandardCopyOption.ATOMIC_MOVE);
        Await.until("Wadi makes the container", () -> azurite.container().exists());
        azurite.put("drops/clickstream/clicks.ndjson", bytes(click("blob")));
        postgres.execute("writer", """
                INSERT INTO pipeline.clickstream_data (event_id, user_id, action, event_time) VALUES ('polled', 'u1', 'login', '%s');
                INSERT INTO pipeline.partner_agency_booking (booking_id, agency_id, customer_id, product_id, unit_price, amount)
                VALUES ('b2', 'a1', 'c2', 'p2', 99.50, 99.50)""".formatted(WHEN));
        // the shop has one order from the start; the capture reads it, and that it is paid
        postgres.execute("writer", "UPDATE shop.orders SET status = 'confirmed' WHERE order_id = 's-1'");
    }

    private static void post(WadiProcess wadi, String stream, String event) throws Exception {
        Http.Answer answer = wadi.http().post("/api/events/" + stream, "application/json", bytes(event));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    }

    private static String click(String id) {
        return "{\"event_id\":\"%s\",\"user_id\":\"u1\",\"action\":\"login\",\"event_time\":\"%s\"}"
                .formatted(id, WHEN);
    }

    private static String bookingOfTheReadme() {
        Matcher example = Pattern.compile("/api/events/bookings -d '\\s*(\\{.*?})'", Pattern.DOTALL)
                .matcher(ComposeFile.text(Path.of("README.md")));
        assertThat(example.find()).as("the README posts a booking").isTrue();
        return example.group(1);
    }

    private static long rows(WadiProcess wadi, String kpi) throws IOException, InterruptedException {
        return wadi.http().get("/api/kpis/" + kpi).json().at("/rows/0/value").asLong();
    }

    private static void everyMetricIsThere(WadiProcess wadi) throws Exception {
        Set<String> missing = new TreeSet<>();
        Await.until("the metrics that take a while", () -> {
            missing.clear();
            missing.addAll(Watch.metrics());
            missing.removeAll(MetricNames.exposed(wadi.http().get("/prometheus").body()));
            return missing.isEmpty();
        });
        String exposed = wadi.http().get("/prometheus").body();
        assertThat(exposed)
                .contains("wadi_route_state{route=\"land-bookings\",state=\"started\"} 1.0")
                .contains("http_server_requests_seconds{")
                .contains("quantile=\"0.95\"")
                .contains("uri=\"/api/kpis/{name}\"");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
