package dev.wadi.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.parts.ApicurioServer;
import dev.wadi.parts.Await;
import dev.wadi.parts.KafkaServer;
import dev.wadi.parts.LakeRows;
import dev.wadi.route.Lag;
import dev.wadi.route.Routes;
import io.micronaut.context.ApplicationContext;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics in Avro with a schema registry, into bronze.clickstream. */
@NullUnmarked
class KafkaAvroTest {
    private static final String FIRST = """
            {"type":"record","name":"Click","namespace":"shop","fields":[
             {"name":"event_id","type":"string"},
             {"name":"user_id","type":"int"},
             {"name":"action","type":{"type":"enum","name":"Action","symbols":["login","dance"]}},
             {"name":"timestamp","type":{"type":"long","logicalType":"timestamp-millis"}},
             {"name":"location","type":["null",{"type":"record","name":"Place","fields":[
               {"name":"country","type":["null","string"]},{"name":"lat","type":"double"}]}],"default":null}]}""";
    /** A field more, with a default, and a wider type. */
    private static final String SECOND = FIRST.replace("\"user_id\",\"type\":\"int\"", "\"user_id\",\"type\":\"long\"")
            .replace(
                    "\"default\":null}]}",
                    "\"default\":null},{\"name\":\"device\",\"type\":\"string\",\"default\":\"?\"}]}");

    private static KafkaServer server;
    private static ApicurioServer registry;

    @TempDir
    Path root;

    @BeforeAll
    static void startServers() {
        server = KafkaServer.start();
        registry = ApicurioServer.start();
    }

    @AfterAll
    static void stopServers() {
        registry.close();
        server.close();
    }

    @Test
    void recordsOfSeveralSchemasLandAndPoisonIsAccountedForWhileTheRegistryComesAndGoes() throws Exception {
        server.createTopic("avro", 2);
        int first = registry.register("avro-value", FIRST);
        int second = registry.register("avro-value", SECOND);
        Set<String> model = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        try (ApplicationContext wadi = run();
                KafkaProducer<byte[], byte[]> producer = server.producer()) {
            for (int i = 0; i < 2_000; i++) {
                byte[] framed = i % 2 == 0 ? click(FIRST, first, i) : click(SECOND, second, i);
                producer.send(new ProducerRecord<>("avro", framed));
                model.add(payload(i, i % 2 == 1));
            }
            Random random = new Random(5);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                byte[] good = click(FIRST, first, 10_000 + i);
                byte[] bad = switch (i % 4) {
                    case 0 -> ("no frame " + i).getBytes(StandardCharsets.UTF_8);
                    case 1 -> java.util.Arrays.copyOf(good, 13 + random.nextInt(good.length - 13));
                    case 2 -> java.util.Arrays.copyOf(good, good.length + 1);
                    // what the contract refuses
                    default -> dance(first, 10_000 + i);
                };
                sent.add(producer.send(new ProducerRecord<>("avro", 0, null, bad)));
            }
            for (Future<RecordMetadata> each : sent) {
                refused.add(each.get().partition() + ":" + each.get().offset());
            }
            Await.until(() ->
                    payloads(wadi).size() == model.size() && positions(wadi).size() >= refused.size());
            assertThat(payloads(wadi)).isEqualTo(model);
            assertThat(positions(wadi)).containsExactlyInAnyOrderElementsOf(refused);
            Await.until(() -> server.committedTotal("group-avro") == 3_000);

            registry.kill();
            int third = second + 1;
            String wider = SECOND.replace("\"?\"", "\"??\"");
            for (int i = 2_000; i < 2_100; i++) {
                // known schemas go on; one that was never seen waits
                producer.send(new ProducerRecord<>(
                                "avro", i % 2, null, i % 2 == 0 ? click(SECOND, second, i) : click(wider, third, i)))
                        .get();
                model.add(payload(i, true));
            }
            Await.until(() -> payloads(wadi).size() == model.size() - 50);
            Thread.sleep(2_000);
            assertThat(payloads(wadi)).hasSize(model.size() - 50);
            Await.until(
                    "the lag",
                    () -> new Lag(50, "records")
                            .equals(wadi.getBean(Routes.class).get("land").lag()));
            registry.launch();
            // still an unknown id
            assertThat(registry.register("avro-value", FIRST)).isEqualTo(first);
            assertThat(registry.register("avro-value", SECOND)).isEqualTo(second);
            Thread.sleep(1_500);
            assertThat(payloads(wadi)).hasSize(model.size() - 50);
            assertThat(registry.register("avro-value", wider)).isEqualTo(third);
            Await.until(() -> payloads(wadi).size() == model.size());
            assertThat(payloads(wadi)).isEqualTo(model);
            Await.until(() -> server.committedTotal("group-avro") == 3_100);
        }
    }

    private static String payload(int number, boolean withDevice) {
        return "{\"event_id\":\"a-%d\",\"user_id\":\"%d\",\"action\":\"login\",\"event_time\":\"%s\",\"location\":%s%s}"
                .formatted(
                        number,
                        number,
                        Instant.ofEpochSecond(1_795_608_000L + number),
                        number % 3 == 0 ? "{\"country\":null,\"lat\":1.5}" : "null",
                        withDevice ? ",\"device\":\"phone\"" : "");
    }

    private static byte[] click(String schema, int id, int number) throws IOException {
        return framed(schema, id, number, "login");
    }

    private static byte[] dance(int id, int number) throws IOException {
        return framed(FIRST, id, number, "dance");
    }

    private static byte[] framed(String text, int id, int number, String action) throws IOException {
        Schema schema = new Schema.Parser().parse(text);
        GenericRecord record = new GenericData.Record(schema);
        record.put("event_id", "a-" + number);
        record.put(
                "user_id",
                schema.getField("user_id").schema().getType() == Schema.Type.INT ? (Object) number : (long) number);
        record.put(
                "action", new GenericData.EnumSymbol(schema.getField("action").schema(), action));
        record.put("timestamp", 1000L * (1_795_608_000L + number));
        if (number % 3 == 0) {
            GenericRecord place = new GenericData.Record(
                    schema.getField("location").schema().getTypes().get(1));
            place.put("lat", 1.5);
            record.put("location", place);
        }
        if (schema.getField("device") != null) {
            record.put("device", "phone");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream frame = new DataOutputStream(bytes);
        frame.writeByte(0);
        frame.writeInt(id);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static Set<String> payloads(ApplicationContext wadi) {
        return new TreeSet<>(texts(wadi, "bronze.clickstream", "payload"));
    }

    private static List<String> positions(ApplicationContext wadi) {
        return texts(wadi, "quarantine.bronze_clickstream", "position");
    }

    private static List<String> texts(ApplicationContext wadi, String table, String column) {
        return LakeRows.of(wadi, TableName.parse(table), "SELECT %s FROM t".formatted(column));
    }

    private ApplicationContext run() throws IOException {
        Path routes = Files.createDirectories(root.resolve("routes"));
        Files.writeString(routes.resolve("land.camel.yaml"), """
                - route:
                    id: land
                    from:
                      uri: kafka:avro
                      parameters:
                        groupId: group-avro
                        autoOffsetReset: earliest
                        schemaRegistryURL: "{{schema.registry.url}}"
                      steps:
                        - to:
                            uri: delta:bronze.clickstream
                """);
        return ApplicationContext.run(Map.of(
                "wadi.routes-dir", routes.toString(),
                "wadi.lake", root.resolve("lake").toString(),
                "wadi.data-dir", root.toString(),
                "wadi.duckdb-memory", "256MB",
                "schema.registry.url", registry.url(),
                "kafka.bootstrap.servers", server.brokers()));
    }
}
