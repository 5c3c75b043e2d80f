package dev.wadi.cdc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.debezium.data.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the JSON events of changes, the fields as the contract of the bronze table names them. */
final class ChangeEvents {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeEvents.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final String unavailable;
    /** The columns of each table as the last change had them. */
    private final Map<String, List<String>> columns = new HashMap<>();

    /** @param unavailable what Debezium writes for a value that the database left out, because the update did not touch it */
    ChangeEvents(String unavailable) {
        this.unavailable = unavailable;
    }

    /**
     * @param key its columns; null for a table without a key, and for a truncate
     * @param previousKey of an insert that is an update of the key in truth
     * @param value Debezium's envelope
     */
    byte[] change(Place place, @Nullable Struct key, @Nullable Struct previousKey, Struct value) {
        told(place, value);
        return write(place, value.getString(Envelope.FieldName.OPERATION), value, json -> {
            if (key != null) {
                json.writeFieldName("key");
                row(json, key, List.of());
            }
            if (previousKey != null) {
                json.writeFieldName("previous_key");
                row(json, previousKey, List.of());
            }
            Struct before = value.schema().field("before") == null ? null : value.getStruct("before");
            Struct after = value.schema().field("after") == null ? null : value.getStruct("after");
            if (before != null) {
                json.writeFieldName("before");
                row(json, before, untouched(before));
            }
            if (after != null) {
                List<String> untouched = untouched(after);
                json.writeFieldName("after");
                row(json, after, untouched);
                if (!untouched.isEmpty()) {
                    json.writeFieldName("unchanged");
                    json.writeStartArray();
                    for (String column : untouched) {
                        json.writeString(column);
                    }
                    json.writeEndArray();
                }
            }
        });
    }

    byte[] truncate(Place place, Struct first) {
        return write(place, "t", first, json -> {});
    }

    /** The columns of a key. */
    static String json(Struct key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            row(json, key, List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @FunctionalInterface
    private interface Rest {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] write(Place place, String operation, Struct value, Rest rest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("change_id", place.id());
            json.writeStringField("schema", place.schema());
            json.writeStringField("table", place.table());
            json.writeStringField("op", operation);
            json.writeNumberField("epoch", place.epoch());
            json.writeNumberField("lsn", place.lsn());
            json.writeNumberField("number", place.number());
            Struct source = value.getStruct("source");
            Long time = source.getInt64("ts_ms");
            if (time != null) {
                json.writeStringField("changed_at", Instant.ofEpochMilli(time).toString());
            }
            Long transaction = source.getInt64("txId");
            if (transaction != null) {
                json.writeNumberField("transaction", transaction);
            }
            rest.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Says when a table has other columns than before. */
    private void told(Place place, Struct value) {
        Schema after = value.schema().field("after") == null
                ? null
                : value.schema().field("after").schema();
        if (after == null) {
            return;
        }
        List<String> now = after.fields().stream().map(Field::name).toList();
        String table = place.schema() + "." + place.table();
        List<String> before = columns.put(table, now);
        if (before != null && !before.equals(now)) {
            TreeSet<String> added = new TreeSet<>(now);
            before.forEach(added::remove);
            TreeSet<String> removed = new TreeSet<>(before);
            now.forEach(removed::remove);
            LOG.warn(
                    "{} was changed in the database: columns added {}, removed {}. An added one is in the events from now on; a table of the lake has it once its contract and its SELECT name it",
                    table,
                    added,
                    removed);
        }
    }

    private List<String> untouched(Struct row) {
        List<String> untouched = new ArrayList<>();
        for (Field field : row.schema().fields()) {
            if (isUnavailable(row.get(field))) {
                untouched.add(field.name());
            }
        }
        return untouched;
    }

    private boolean isUnavailable(@Nullable Object value) {
        return switch (value) {
            case String text -> text.equals(unavailable);
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8).equals(unavailable);
            case ByteBuffer bytes ->
                StandardCharsets.UTF_8.decode(bytes.duplicate()).toString().equals(unavailable);
            case List<?> list -> list.size() == 1 && unavailable.equals(list.getFirst());
            case Map<?, ?> map -> map.size() == 1 && map.containsKey(unavailable);
            case null, default -> false;
        };
    }

    private static void row(JsonGenerator json, Struct row, List<String> without) throws IOException {
        json.writeStartObject();
        for (Field field : row.schema().fields()) {
            if (!without.contains(field.name())) {
                json.writeFieldName(field.name());
                value(json, field.schema(), row.get(field));
            }
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, Schema schema, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Boolean bool -> json.writeBoolean(bool);
            case Byte number -> json.writeNumber(number);
            case Short number -> json.writeNumber(number);
            case Integer number -> number(json, schema, number);
            case Long number -> number(json, schema, number);
            case Float number -> decimal(json, number);
            case Double number -> decimal(json, number);
            case BigDecimal number -> json.writeNumber(number);
            case Date time -> time(json, schema, time);
            case byte[] bytes -> json.writeString(Base64.getEncoder().encodeToString(bytes));
            case ByteBuffer bytes -> {
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                json.writeString(Base64.getEncoder().encodeToString(copy));
            }
            case String text -> {
                if ("io.debezium.data.Json".equals(schema.name())) {
                    json.writeRawValue(text);
                } else {
                    json.writeString(text);
                }
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object each : list) {
                    value(json, schema.valueSchema(), each);
                }
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> each : map.entrySet()) {
                    json.writeFieldName(String.valueOf(each.getKey()));
                    value(json, schema.valueSchema(), each.getValue());
                }
                json.writeEndObject();
            }
            case Struct struct -> {
                if ("io.debezium.data.VariableScaleDecimal".equals(schema.name())) {
                    json.writeNumber(
                            new BigDecimal(new BigInteger(struct.getBytes("value")), struct.getInt32("scale")));
                } else {
                    row(json, struct, List.of());
                }
            }
            default -> json.writeString(String.valueOf(value));
        }
    }

    /** A time in a type of Kafka Connect itself ({@code time.precision.mode=connect}). */
    private static void time(JsonGenerator json, Schema schema, Date time) throws IOException {
        Instant instant = Instant.ofEpochMilli(time.getTime());
        String kind = schema.name() == null ? "" : schema.name();
        switch (kind) {
            case org.apache.kafka.connect.data.Date.LOGICAL_NAME ->
                json.writeString(LocalDate.ofInstant(instant, ZoneOffset.UTC).toString());
            case Time.LOGICAL_NAME ->
                json.writeString(LocalTime.ofInstant(instant, ZoneOffset.UTC).toString());
            default -> json.writeString(instant.toString());
        }
    }

    /** JSON knows no NaN and no infinity. */
    private static void decimal(JsonGenerator json, double number) throws IOException {
        if (Double.isFinite(number)) {
            json.writeNumber(number);
        } else {
            json.writeString(Double.toString(number));
        }
    }

    /** A number, or the time that the name of its schema says it is. */
    private static void number(JsonGenerator json, Schema schema, long number) throws IOException {
        String kind = schema.name() == null ? "" : schema.name();
        switch (kind) {
            case "io.debezium.time.Date" ->
                json.writeString(LocalDate.ofEpochDay(number).toString());
            case "io.debezium.time.Timestamp" ->
                json.writeString(Instant.ofEpochMilli(number).toString());
            case "io.debezium.time.MicroTimestamp" ->
                json.writeString(Instant.EPOCH.plus(number, ChronoUnit.MICROS).toString());
            case "io.debezium.time.NanoTimestamp" ->
                json.writeString(Instant.EPOCH.plusNanos(number).toString());
            case "io.debezium.time.Time" ->
                json.writeString(LocalTime.ofNanoOfDay(number * 1_000_000).toString());
            case "io.debezium.time.MicroTime" ->
                json.writeString(LocalTime.ofNanoOfDay(number * 1_000).toString());
            default -> json.writeNumber(number);
        }
    }
}
