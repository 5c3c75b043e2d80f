package dev.wadi.kafka;

import dev.wadi.route.DeltaHeaders;
import dev.wadi.route.LazyMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record. Its headers are those of Camel's own consumer. */
final class DoorMessage extends LazyMessage {
    private static final String CONTENT_TYPE = "content-type";
    /** What a record has only in headers that its sender or a route gave it. */
    private static final Set<String> ABSENT =
            Set.of(Exchange.CONTENT_TYPE, DeltaHeaders.REFUSAL, DeltaHeaders.WATERMARK);

    private final ConsumerRecord<byte[], byte[]> entry;
    private final KafkaConfiguration options;
    private final String source;
    private final String position;

    DoorMessage(
            Exchange exchange,
            ConsumerRecord<byte[], byte[]> entry,
            KafkaConfiguration options,
            RecordFormat.Seen seen) {
        super(exchange, seen.body());
        this.entry = entry;
        this.options = options;
        this.source = seen.source() == null ? "kafka:" + entry.topic() : seen.source();
        this.position = seen.position() == null ? position(entry) : seen.position();
    }

    /** Partition and offset: {@code 3:1234}. */
    static String position(ConsumerRecord<?, ?> entry) {
        return entry.partition() + ":" + entry.offset();
    }

    @Override
    protected boolean isAbsent(String name) {
        return ABSENT.contains(name) && entry.headers().toArray().length == 0;
    }

    @Override
    protected @Nullable Object own(String name) {
        return switch (name) {
            case DeltaHeaders.SOURCE -> source;
            case DeltaHeaders.POSITION -> position;
            case Exchange.MESSAGE_TIMESTAMP -> entry.timestamp() < 0 ? null : (Object) entry.timestamp();
            default -> null;
        };
    }

    @Override
    protected void populateInitialHeaders(Map<String, Object> headers) {
        for (Header header : entry.headers()) {
            if (!options.getHeaderFilterStrategy()
                    .applyFilterToExternalHeaders(header.key(), header.value(), getExchange())) {
                headers.put(header.key(), options.getHeaderDeserializer().deserialize(header.key(), header.value()));
            }
            if (header.key().equalsIgnoreCase(CONTENT_TYPE) && header.value() != null) {
                headers.put(Exchange.CONTENT_TYPE, new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        headers.put(KafkaConstants.TOPIC, entry.topic());
        headers.put(KafkaConstants.PARTITION, entry.partition());
        headers.put(KafkaConstants.OFFSET, entry.offset());
        headers.put(KafkaConstants.HEADERS, entry.headers());
        headers.put(KafkaConstants.TIMESTAMP, entry.timestamp());
        if (entry.key() != null) {
            headers.put(KafkaConstants.KEY, new String(entry.key(), StandardCharsets.UTF_8));
        }
        if (entry.timestamp() >= 0) {
            headers.put(Exchange.MESSAGE_TIMESTAMP, entry.timestamp());
        }
        headers.put(DeltaHeaders.SOURCE, source);
        headers.put(DeltaHeaders.POSITION, position);
    }
}
