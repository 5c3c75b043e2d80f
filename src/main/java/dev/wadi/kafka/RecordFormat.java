package dev.wadi.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.jspecify.annotations.Nullable;

/** What the values of a topic are, and how they become what a route sees. For one thread. */
@FunctionalInterface
interface RecordFormat {
    /**
     * @throws PoisonException when {@code value} can never be read
     * @throws RegistryException when it cannot be read now
     */
    byte @Nullable [] body(byte @Nullable [] value);

    /** Avro in Confluent's framing where a schema registry is named, else the bytes as they are. */
    static RecordFormat of(KafkaConfiguration options) {
        String registry = options.getSchemaRegistryURL();
        return registry == null ? value -> value : new FramedAvro(new SchemaRegistry(registry));
    }

    /** A zero, the id of the schema in four bytes, the record in Avro's binary form. */
    final class FramedAvro implements RecordFormat {
        private static final int FRAME = 5;
        /** Text as it is, where Jackson would write what is beyond 16 bits as escapes. */
        static final JsonFactory JSON = JsonFactory.builder()
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .build();

        private final SchemaRegistry registry;

        FramedAvro(SchemaRegistry registry) {
            this.registry = registry;
        }

        @Override
        public byte @Nullable [] body(byte @Nullable [] value) {
            if (value == null) {
                return null;
            }
            if (value.length < FRAME || value[0] != 0) {
                throw new PoisonException("no Avro in the framing of a schema registry: it does not begin with a zero"
                        + " byte and the four bytes of a schema's id");
            }
            int id = ByteBuffer.wrap(value).getInt(1);
            AvroShape shape = registry.shape(id);
            AvroInput in = new AvroInput(value, FRAME);
            ByteArrayOutputStream json = new ByteArrayOutputStream(2 * value.length + 256);
            try (JsonGenerator out = JSON.createGenerator(json)) {
                shape.write(in, out);
                if (in.left() > 0) {
                    throw new PoisonException("%d bytes are left behind the record".formatted(in.left()));
                }
            } catch (PoisonException | DateTimeException | ArithmeticException e) {
                throw new PoisonException("not what schema %d says: %s".formatted(id, e.getMessage()));
            } catch (IOException e) {
                throw new PoisonException("not what schema %d says: no JSON can say it".formatted(id));
            }
            return json.toByteArray();
        }
    }
}
