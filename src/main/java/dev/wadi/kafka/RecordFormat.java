package dev.wadi.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.wadi.cdc.TopicChanges;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** What the records of a topic are, and how they become what a route sees. For one thread. */
@FunctionalInterface
interface RecordFormat {
    /**
     * What a route sees of a record.
     *
     * @param source where it is from, and {@code position} in that; null for topic and offset
     */
    record Seen(
            byte @Nullable [] body,
            @Nullable String source,
            @Nullable String position) {
        static Seen of(byte @Nullable [] body) {
            return new Seen(body, null, null);
        }
    }

    /**
     * @return null when the record says nothing to anybody
     * @throws PoisonException when the record can never be read
     * @throws RegistryException when it cannot be read now
     */
    @Nullable
    Seen read(ConsumerRecord<byte[], byte[]> entry);

    /** Avro in Confluent's framing where a schema registry is named, else the bytes as they are. */
    static RecordFormat of(DoorEndpoint endpoint) {
        String registry = endpoint.getConfiguration().getSchemaRegistryURL();
        if (registry == null) {
            return entry -> Seen.of(entry.value());
        }
        return endpoint.carriesChanges() ? new FramedChanges(registry) : new FramedAvro(registry);
    }

    /** A zero, the id of the schema in four bytes, the record in Avro's binary form. */
    final class Frame<S> {
        private static final int LENGTH = 5;
        private final SchemaRegistry<S> registry;

        Frame(SchemaRegistry<S> registry) {
            this.registry = registry;
        }

        @FunctionalInterface
        interface Reading<S, T extends @Nullable Object> {
            T read(S shape, AvroInput in) throws IOException;
        }

        <T extends @Nullable Object> T read(byte[] framed, Reading<S, T> reading) {
            if (framed.length < LENGTH || framed[0] != 0) {
                throw new PoisonException("no Avro in the framing of a schema registry: it does not begin with a zero"
                        + " byte and the four bytes of a schema's id");
            }
            int id = ByteBuffer.wrap(framed).getInt(1);
            S shape = registry.shape(id);
            AvroInput in = new AvroInput(framed, LENGTH);
            try {
                T read = reading.read(shape, in);
                if (in.left() > 0) {
                    throw new PoisonException("%d bytes are left behind the record".formatted(in.left()));
                }
                return read;
            } catch (PoisonException | DateTimeException | ArithmeticException | DataException e) {
                throw new PoisonException("not what schema %d says: %s".formatted(id, e.getMessage()));
            } catch (IOException e) {
                throw new PoisonException("not what schema %d says: no JSON can say it".formatted(id));
            }
        }
    }

    /** Values that become JSON. */
    final class FramedAvro implements RecordFormat {
        /** Text as it is, where Jackson would write what is beyond 16 bits as escapes. */
        static final JsonFactory JSON = JsonFactory.builder()
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .build();

        private final Frame<AvroShape> frame;

        FramedAvro(String registry) {
            this.frame = new Frame<>(new SchemaRegistry<>(registry, AvroShape::of));
        }

        @Override
        public Seen read(ConsumerRecord<byte[], byte[]> entry) {
            byte[] value = entry.value();
            return Seen.of(value == null ? null : frame.read(value, FramedAvro::json));
        }

        private static byte[] json(AvroShape shape, AvroInput in) throws IOException {
            ByteArrayOutputStream json = new ByteArrayOutputStream(2 * in.left() + 256);
            try (JsonGenerator out = JSON.createGenerator(json)) {
                shape.write(in, out);
            }
            return json.toByteArray();
        }
    }

    /** Keys and values that Debezium has written of changes. */
    final class FramedChanges implements RecordFormat {
        private final Frame<ConnectShape> frame;
        private final TopicChanges changes = new TopicChanges();

        FramedChanges(String registry) {
            this.frame = new Frame<>(new SchemaRegistry<>(registry, (Schema schema) -> ConnectShape.of(schema)));
        }

        /** A tombstone says nothing: the delete before it has said all. */
        @Override
        public @Nullable Seen read(ConsumerRecord<byte[], byte[]> entry) {
            byte[] value = entry.value();
            if (value == null) {
                return null;
            }
            Struct envelope = struct(value);
            Struct key = entry.key() == null ? null : struct(entry.key());
            Header previous = entry.headers().lastHeader(TopicChanges.PREVIOUS_KEY);
            try {
                TopicChanges.Change change = changes.change(
                        key, previous == null ? null : previous.value(), envelope, DoorMessage.position(entry));
                return new Seen(change.body(), change.source(), change.position());
            } catch (IllegalArgumentException | DataException e) {
                throw new PoisonException(String.valueOf(e.getMessage()));
            }
        }

        private Struct struct(byte[] framed) {
            if (frame.read(framed, ConnectShape::read) instanceof Struct struct) {
                return struct;
            }
            throw new PoisonException("no record of Avro, but a single value");
        }
    }
}
