package dev.wadi.parts;

import io.apicurio.registry.utils.converter.avro.AvroData;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Kafka Connect with one connector, on a thread of the test: Debezium's for the tables of {@code shop}, with the converter of Avro
 * that Apicurio brings for it, and Connect's own for headers. It keeps its offset in memory.
 */
public final class ConnectWorker implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final ApicurioServer registry;
    private final AvroData avro = new AvroData(100);
    private final SimpleHeaderConverter headers = new SimpleHeaderConverter();
    private final Map<String, Integer> ids = new HashMap<>();
    private final AtomicReference<@Nullable String> ended = new AtomicReference<>();
    private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;
    private final Thread thread;

    /** @param settings of the connector, on top of those that make it one for the shop */
    public ConnectWorker(
            PostgresDatabase postgres, KafkaServer kafka, ApicurioServer registry, Map<String, String> settings) {
        this.registry = registry;
        this.producer = kafka.producer();
        Properties address = Objects.requireNonNull(Driver.parseURL(postgres.jdbcUrl(), new Properties()));
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "name",
                "shop",
                "connector.class",
                PostgresConnector.class.getName(),
                "offset.storage",
                MemoryOffsetBackingStore.class.getName(),
                "database.hostname",
                address.getProperty("PGHOST"),
                "database.port",
                address.getProperty("PGPORT"),
                "database.dbname",
                address.getProperty("PGDBNAME"),
                "database.user",
                "postgres",
                "database.password",
                "-",
                "topic.prefix",
                "shop",
                "plugin.name",
                "pgoutput"));
        properties.putAll(Map.of(
                "slot.name", "connect_shop",
                "publication.name", "connect_shop",
                "publication.autocreate.mode", "filtered",
                "table.include.list", "shop.customers,shop.orders,shop.products",
                "decimal.handling.mode", "string",
                "skipped.operations", "none",
                "provide.transaction.metadata", "true",
                "poll.interval.ms", "50"));
        properties.putAll(settings);
        engine = DebeziumEngine.create(Connect.class)
                .using(properties)
                .using((success, message, error) -> ended.set(message))
                .notifying(this::write)
                .build();
        thread = Thread.ofPlatform().name("connect").daemon().start(engine);
    }

    /** Why the connector is no more; null while it runs. */
    public @Nullable String ended() {
        return ended.get();
    }

    private void write(
            List<ChangeEvent<SourceRecord, SourceRecord>> records,
            DebeziumEngine.RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
            throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ChangeEvent<SourceRecord, SourceRecord> event : records) {
            SourceRecord entry = event.value();
            ProducerRecord<byte[], byte[]> written = new ProducerRecord<>(
                    entry.topic(),
                    framed(entry.topic() + "-key", entry.keySchema(), entry.key()),
                    framed(entry.topic() + "-value", entry.valueSchema(), entry.value()));
            for (Header header : entry.headers()) {
                written.headers()
                        .add(
                                header.key(),
                                headers.fromConnectHeader(
                                        entry.topic(), header.key(), header.schema(), header.value()));
            }
            sent.add(producer.send(written));
        }
        for (int i = 0; i < records.size(); i++) {
            try {
                sent.get(i).get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
            committer.markProcessed(records.get(i));
        }
        committer.markBatchFinished();
    }

    /** As the converters of Avro write keys and values; null of null. */
    private byte @Nullable [] framed(
            String subject, org.apache.kafka.connect.data.@Nullable Schema schema, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        Schema avroSchema = avro.fromConnectSchema(schema);
        int id = ids.computeIfAbsent(subject + avroSchema, each -> registry.register(subject, avroSchema.toString()));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream frame = new DataOutputStream(bytes);
            frame.writeByte(0);
            frame.writeInt(id);
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<>(avroSchema).write(avro.fromConnectData(schema, value), encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        engine.close();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
