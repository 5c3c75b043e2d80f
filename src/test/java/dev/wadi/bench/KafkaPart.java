package dev.wadi.bench;

import dev.wadi.parts.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * How fast records of one event become rows of a Delta table. The app is held still while the topic fills; the clock runs
 * from letting it go to the commit of the last event. Silver and gold are computed from the same events meanwhile, and the broker
 * runs on the same machine. Two rounds before are for the JVM to warm up.
 */
final class KafkaPart {
    static final String TOPIC = "topic_0";
    static final int PARTITIONS = 2;

    private static final int RECORDS = 200_000;
    private static final double AIM = 60_000;

    private KafkaPart() {}

    static List<Figure> measure(Subject subject) throws Exception {
        KafkaServer kafka = Objects.requireNonNull(subject.kafka);
        run(subject, kafka, subject.clicks::next);
        run(subject, kafka, subject.clicks::next);
        double merged = run(subject, kafka, subject.clicks::next);
        subject.drained();
        double translated = run(subject, kafka, activities());
        subject.drained();
        double raw = consume(kafka, 4 * RECORDS);
        return List.of(
                Figure.of(
                                "Kafka -> merged in bronze, %,d records of %d bytes"
                                        .formatted(RECORDS, subject.clicks.next().length),
                                merged,
                                "events/s",
                                "raw Kafka client, the same records and the next ones",
                                raw)
                        .atLeast(AIM),
                Figure.of(
                        "the same with records of %d bytes in the names and types of another sender"
                                .formatted(activities().get().length),
                        translated,
                        "events/s",
                        "records in the names of the contract",
                        merged));
    }

    private static double run(Subject subject, KafkaServer kafka, Supplier<byte[]> value) throws Exception {
        long before = subject.rows("bronze.clickstream");
        subject.hold(true);
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer()) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(TOPIC, value.get()));
            }
        } finally {
            subject.hold(false);
        }
        long start = System.nanoTime();
        subject.awaitRows("bronze.clickstream", before + RECORDS);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("  %,d records merged in %.1f s%n", RECORDS, seconds);
        return RECORDS / seconds;
    }

    /** As user-activity-logs has them. */
    private static Supplier<byte[]> activities() {
        AtomicLong number = new AtomicLong();
        Instant first = Instant.parse("2026-05-01T12:00:00Z");
        return () -> {
            long next = number.getAndIncrement();
            return "{\"user_id\":%d,\"action\":\"view_product\",\"timestamp\":\"%s\"}"
                    .formatted(next, first.plusSeconds(next))
                    .getBytes(StandardCharsets.UTF_8);
        };
    }

    /** Records per second that a client takes and commits. */
    private static double consume(KafkaServer kafka, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(
                Map.of("group.id", "raw", "auto.offset.reset", "earliest", "enable.auto.commit", false))) {
            consumer.subscribe(List.of(TOPIC));
            int taken = consumer.poll(Duration.ofSeconds(30)).count();
            long start = System.nanoTime();
            int first = taken;
            while (taken < count) {
                int more = consumer.poll(Duration.ofSeconds(30)).count();
                if (more == 0) {
                    throw new IllegalStateException("%d records did not come".formatted(count - taken));
                }
                taken += more;
                consumer.commitAsync();
            }
            return (taken - first) / ((System.nanoTime() - start) / 1e9);
        }
    }
}
