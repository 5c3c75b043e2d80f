package dev.wadi.generator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic of Kafka: a record an event, acknowledged by all replicas. */
final class KafkaTarget implements Target {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String servers;
    private final String topic;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** @param servers such as {@code 127.0.0.1:9092} */
    KafkaTarget(String servers, String topic) {
        this.servers = servers;
        this.topic = topic;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers,
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.LINGER_MS_CONFIG, 20,
                        ProducerConfig.BATCH_SIZE_CONFIG, 1 << 18,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 60_000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 30_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public void send(String text) throws IOException {
        check();
        try {
            producer.send(new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8)), (where, problem) -> {
                if (problem != null) {
                    failure.compareAndSet(null, problem);
                }
            });
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    @Override
    public void finish() throws IOException {
        producer.flush();
        check();
    }

    private void check() throws IOException {
        Exception problem = failure.get();
        if (problem != null) {
            throw failed(problem);
        }
    }

    private IOException failed(Exception problem) {
        return new IOException(
                "Kafka at %s does not take records for '%s' (%s): start Wadi with WADI_KAFKA_EMBEDDED=true, or say where it is with --at host:port"
                        .formatted(servers, topic, problem.getMessage()),
                problem);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }

    @Override
    public String toString() {
        return "kafka";
    }
}
