package dev.wadi.kafka;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Writes what was written by one Avro schema as JSON, straight from its bytes: records and maps as objects, a union as its
 * value, dates and timestamps as ISO 8601, decimals as numbers, bytes in base64. No classes are made or loaded by name.
 */
@FunctionalInterface
interface AvroShape {
    /** Deeper nesting is refused: a schema may hold itself. The event decoder draws the same line. */
    int DEEPEST = 64;

    /** Items and entries of one record; an array of nulls takes no bytes, so its length says nothing. */
    int MOST_ITEMS = 1_000_000;

    void write(AvroInput in, JsonGenerator out) throws IOException;

    static AvroShape of(Schema schema) {
        return new Compiler().compile(schema);
    }

    /** Makes the shape of a schema, once for each named type. */
    final class Compiler {
        private final Map<String, RecordShape> records = new HashMap<>();

        private AvroShape compile(Schema schema) {
            return switch (schema.getType()) {
                case NULL -> (in, out) -> out.writeNull();
                case BOOLEAN -> (in, out) -> out.writeBoolean(in.bool());
                case INT -> integer(schema.getLogicalType());
                case LONG -> number(schema.getLogicalType());
                case FLOAT -> (in, out) -> out.writeNumber(in.float32());
                case DOUBLE -> (in, out) -> out.writeNumber(in.float64());
                case STRING ->
                    (in, out) -> {
                        byte[] text = in.block();
                        out.writeString(new String(text, StandardCharsets.UTF_8));
                    };
                case BYTES -> bytes(schema.getLogicalType(), -1);
                case FIXED -> bytes(schema.getLogicalType(), schema.getFixedSize());
                case ENUM -> enumeration(schema.getEnumSymbols());
                case UNION ->
                    union(schema.getTypes().stream().map(this::compile).toList());
                case ARRAY -> array(compile(schema.getElementType()));
                case MAP -> map(compile(schema.getValueType()));
                case RECORD -> record(schema);
            };
        }

        private AvroShape record(Schema schema) {
            RecordShape known = records.get(schema.getFullName());
            if (known != null) {
                return known;
            }
            RecordShape shape = new RecordShape();
            records.put(schema.getFullName(), shape);
            for (Schema.Field field : schema.getFields()) {
                shape.names.add(field.name());
                shape.fields.add(compile(field.schema()));
            }
            return shape;
        }

        private static AvroShape integer(LogicalType logical) {
            if (logical instanceof LogicalTypes.Date) {
                return (in, out) ->
                        out.writeString(LocalDate.ofEpochDay(in.integer()).toString());
            }
            if (logical instanceof LogicalTypes.TimeMillis) {
                return (in, out) -> out.writeString(time(in.integer(), 1_000_000L));
            }
            return (in, out) -> out.writeNumber(in.integer());
        }

        private static AvroShape number(LogicalType logical) {
            return switch (logical) {
                case LogicalTypes.TimestampMillis millis -> instant(ChronoUnit.MILLIS);
                case LogicalTypes.TimestampMicros micros -> instant(ChronoUnit.MICROS);
                case LogicalTypes.TimestampNanos nanos -> instant(ChronoUnit.NANOS);
                case LogicalTypes.LocalTimestampMillis millis -> local(ChronoUnit.MILLIS);
                case LogicalTypes.LocalTimestampMicros micros -> local(ChronoUnit.MICROS);
                case LogicalTypes.LocalTimestampNanos nanos -> local(ChronoUnit.NANOS);
                case LogicalTypes.TimeMicros micros -> (in, out) -> out.writeString(time(in.number(), 1_000L));
                case null, default -> (in, out) -> out.writeNumber(in.number());
            };
        }

        private static AvroShape instant(ChronoUnit unit) {
            return (in, out) ->
                    out.writeString(Instant.EPOCH.plus(in.number(), unit).toString());
        }

        /** Without an offset, as it says nothing about when. */
        private static AvroShape local(ChronoUnit unit) {
            return (in, out) ->
                    out.writeString(LocalDateTime.ofInstant(Instant.EPOCH.plus(in.number(), unit), ZoneOffset.UTC)
                            .toString());
        }

        private static String time(long count, long nanosEach) {
            long day = 86_400_000_000_000L / nanosEach;
            if (count < 0 || count >= day) {
                throw new PoisonException("%d is no time of a day".formatted(count));
            }
            return LocalTime.ofNanoOfDay(count * nanosEach).toString();
        }

        /** @param size of a fixed; -1 for bytes with a length of their own */
        private static AvroShape bytes(LogicalType logical, int size) {
            if (logical instanceof LogicalTypes.Decimal decimal) {
                return (in, out) -> {
                    byte[] unscaled = size < 0 ? in.block() : in.block(size);
                    if (unscaled.length == 0 || unscaled.length > 1_000) {
                        throw new PoisonException("a decimal has %d bytes".formatted(unscaled.length));
                    }
                    BigDecimal value = new BigDecimal(new BigInteger(unscaled), decimal.getScale());
                    out.writeNumber(value.toPlainString());
                };
            }
            if (logical instanceof LogicalTypes.Uuid && size == 16) {
                return (in, out) -> {
                    java.nio.ByteBuffer uuid = java.nio.ByteBuffer.wrap(in.block(size));
                    out.writeString(new UUID(uuid.getLong(), uuid.getLong()).toString());
                };
            }
            return (in, out) -> out.writeBinary(size < 0 ? in.block() : in.block(size));
        }

        private static AvroShape enumeration(List<String> symbols) {
            return (in, out) -> out.writeString(symbols.get(index(in, symbols.size(), "an enum")));
        }

        private static AvroShape union(List<AvroShape> types) {
            return (in, out) -> types.get(index(in, types.size(), "a union")).write(in, out);
        }

        private static int index(AvroInput in, int size, String what) {
            int index = in.integer();
            if (index < 0 || index >= size) {
                throw new PoisonException("%s of %d has the number %d".formatted(what, size, index));
            }
            return index;
        }

        private static AvroShape array(AvroShape item) {
            return (in, out) -> {
                out.writeStartArray();
                nested(out);
                items(in, () -> item.write(in, out));
                out.writeEndArray();
            };
        }

        private static AvroShape map(AvroShape value) {
            return (in, out) -> {
                out.writeStartObject();
                nested(out);
                items(in, () -> {
                    out.writeFieldName(new String(in.block(), StandardCharsets.UTF_8));
                    value.write(in, out);
                });
                out.writeEndObject();
            };
        }

        static <E extends Exception> void items(AvroInput in, Item<E> item) throws E {
            long total = 0;
            for (long count = in.number(); count != 0; count = in.number()) {
                if (count < 0) {
                    // the size of the block in bytes, for those who skip it
                    in.number();
                    count = -count;
                }
                total += count;
                if (count < 0 || total > MOST_ITEMS) {
                    throw new PoisonException("an array or map of more than %d items".formatted(MOST_ITEMS));
                }
                for (long i = 0; i < count; i++) {
                    item.read();
                }
            }
        }

        private static void nested(JsonGenerator out) {
            if (out.getOutputContext().getNestingDepth() > DEEPEST) {
                throw new PoisonException("nested more than %d deep".formatted(DEEPEST));
            }
        }

        @FunctionalInterface
        interface Item<E extends Exception> {
            void read() throws E;
        }

        /** Its fields come after it, as one of them may be itself. */
        private static final class RecordShape implements AvroShape {
            private final List<String> names = new ArrayList<>();
            private final List<AvroShape> fields = new ArrayList<>();

            @Override
            public void write(AvroInput in, JsonGenerator out) throws IOException {
                out.writeStartObject();
                nested(out);
                for (int i = 0; i < fields.size(); i++) {
                    out.writeFieldName(names.get(i));
                    fields.get(i).write(in, out);
                }
                out.writeEndObject();
            }
        }
    }
}
