package dev.wadi.kafka;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Kafka Connect's converters have written by one Avro schema as the data of Connect that it was: records as
 * {@link Struct}, with the names of types that the converters keep in {@code connect.name}. Each type is optional: whether it
 * may be null is in the bytes, and nobody asks again.
 */
final class ConnectShape {
    private final org.apache.kafka.connect.data.Schema schema;
    private final Reading reading;

    @FunctionalInterface
    private interface Reading {
        @Nullable
        Object read(AvroInput in);
    }

    private ConnectShape(org.apache.kafka.connect.data.Schema schema, Reading reading) {
        this.schema = schema;
        this.reading = reading;
    }

    /** @throws PoisonException when Connect has no such type */
    static ConnectShape of(Schema schema) {
        return new Compiler().compile(schema);
    }

    @Nullable
    Object read(AvroInput in) {
        return reading.read(in);
    }

    /** Makes the shape of a schema, once for each record that it names. */
    private static final class Compiler {
        private final Map<String, ConnectShape> records = new HashMap<>();
        private final Set<String> open = new HashSet<>();

        private ConnectShape compile(Schema avro) {
            return switch (avro.getType()) {
                case BOOLEAN -> new ConnectShape(named(SchemaBuilder.bool(), avro), AvroInput::bool);
                case INT -> integer(avro);
                case LONG -> number(avro);
                case FLOAT -> new ConnectShape(named(SchemaBuilder.float32(), avro), AvroInput::float32);
                case DOUBLE -> new ConnectShape(named(SchemaBuilder.float64(), avro), AvroInput::float64);
                case STRING -> new ConnectShape(named(SchemaBuilder.string(), avro), Compiler::text);
                case ENUM -> enumeration(avro);
                case BYTES -> bytes(avro, -1);
                case FIXED -> bytes(avro, avro.getFixedSize());
                case UNION -> optional(avro);
                case ARRAY -> array(compile(avro.getElementType()), avro);
                case MAP -> map(compile(avro.getValueType()), avro);
                case RECORD -> record(avro);
                case NULL -> throw new PoisonException("its schema has a field that is always null");
            };
        }

        private static org.apache.kafka.connect.data.Schema named(SchemaBuilder type, Schema avro) {
            String name = avro.getProp("connect.name");
            return (name == null ? type : type.name(name)).optional().build();
        }

        private static String text(AvroInput in) {
            return new String(in.block(), StandardCharsets.UTF_8);
        }

        private static ConnectShape integer(Schema avro) {
            if (Date.LOGICAL_NAME.equals(avro.getProp("connect.name"))) {
                return new ConnectShape(
                        Date.builder().optional().build(), in -> Date.toLogical(Date.SCHEMA, in.integer()));
            }
            if (Time.LOGICAL_NAME.equals(avro.getProp("connect.name"))) {
                return new ConnectShape(
                        Time.builder().optional().build(), in -> Time.toLogical(Time.SCHEMA, in.integer()));
            }
            return new ConnectShape(named(SchemaBuilder.int32(), avro), AvroInput::integer);
        }

        private static ConnectShape number(Schema avro) {
            if (Timestamp.LOGICAL_NAME.equals(avro.getProp("connect.name"))) {
                return new ConnectShape(
                        Timestamp.builder().optional().build(),
                        in -> Timestamp.toLogical(Timestamp.SCHEMA, in.number()));
            }
            return new ConnectShape(named(SchemaBuilder.int64(), avro), AvroInput::number);
        }

        private static ConnectShape enumeration(Schema avro) {
            List<String> symbols = avro.getEnumSymbols();
            return new ConnectShape(named(SchemaBuilder.string(), avro), in -> {
                int index = in.integer();
                if (index < 0 || index >= symbols.size()) {
                    throw new PoisonException("an enum of %d has the number %d".formatted(symbols.size(), index));
                }
                return symbols.get(index);
            });
        }

        /** @param size of a fixed; -1 for bytes with a length of their own */
        private static ConnectShape bytes(Schema avro, int size) {
            if (avro.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
                org.apache.kafka.connect.data.Schema type =
                        Decimal.builder(decimal.getScale()).optional().build();
                return new ConnectShape(type, in -> {
                    byte[] unscaled = size < 0 ? in.block() : in.block(size);
                    if (unscaled.length == 0 || unscaled.length > 1_000) {
                        throw new PoisonException("a decimal has %d bytes".formatted(unscaled.length));
                    }
                    return new java.math.BigDecimal(new BigInteger(unscaled), decimal.getScale());
                });
            }
            return new ConnectShape(
                    named(SchemaBuilder.bytes(), avro), in -> ByteBuffer.wrap(size < 0 ? in.block() : in.block(size)));
        }

        /** Null, or the other type of the two: Connect knows no further unions. */
        private ConnectShape optional(Schema avro) {
            List<Schema> types = avro.getTypes();
            int none = types.size() == 2 && types.get(0).getType() == Schema.Type.NULL ? 0 : 1;
            if (types.size() != 2 || types.get(none).getType() != Schema.Type.NULL) {
                throw new PoisonException("its schema has a union of several types");
            }
            ConnectShape other = compile(types.get(1 - none));
            return new ConnectShape(other.schema, in -> {
                int index = in.integer();
                if (index != 0 && index != 1) {
                    throw new PoisonException("a union of 2 has the number %d".formatted(index));
                }
                return index == none ? null : other.read(in);
            });
        }

        private static ConnectShape array(ConnectShape item, Schema avro) {
            return new ConnectShape(named(SchemaBuilder.array(item.schema), avro), in -> {
                List<@Nullable Object> items = new ArrayList<>();
                AvroShape.Compiler.items(in, () -> items.add(item.read(in)));
                return items;
            });
        }

        private static ConnectShape map(ConnectShape value, Schema avro) {
            SchemaBuilder type = SchemaBuilder.map(org.apache.kafka.connect.data.Schema.STRING_SCHEMA, value.schema);
            return new ConnectShape(named(type, avro), in -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                AvroShape.Compiler.items(in, () -> entries.put(text(in), value.read(in)));
                return entries;
            });
        }

        private ConnectShape record(Schema avro) {
            ConnectShape known = records.get(avro.getFullName());
            if (known != null) {
                return known;
            }
            if (!open.add(avro.getFullName())) {
                throw new PoisonException("its schema %s holds itself".formatted(avro.getFullName()));
            }
            SchemaBuilder type = SchemaBuilder.struct().optional();
            String name = avro.getProp("connect.name");
            type.name(name == null ? avro.getFullName() : name);
            List<Reading> fields = new ArrayList<>();
            for (Schema.Field field : avro.getFields()) {
                ConnectShape shape = compile(field.schema());
                type.field(field.name(), shape.schema);
                fields.add(shape.reading);
            }
            org.apache.kafka.connect.data.Schema built = type.build();
            ConnectShape shape = new ConnectShape(built, in -> {
                Struct struct = new Struct(built);
                for (int i = 0; i < fields.size(); i++) {
                    Object value = fields.get(i).read(in);
                    struct.put(built.fields().get(i), value);
                }
                return struct;
            });
            open.remove(avro.getFullName());
            records.put(avro.getFullName(), shape);
            return shape;
        }
    }
}
