package dev.wadi.kpi;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.wadi.contract.ColumnType;
import dev.wadi.contract.ColumnType.Simple;
import dev.wadi.kpi.Answer.Column;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an answer as an Arrow stream: a schema, one record batch, the end. Written by hand on Arrow's own definition of its
 * messages, because its vectors live outside the heap and want the JVM to be opened for them.
 *
 * @see <a href="https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc">the format</a>
 */
final class AnswerArrow {
    /** Starts a message, as of version 0.15 of the format. */
    private static final int CONTINUES = -1;
    /** What every part begins at a multiple of. */
    private static final int ALIGNMENT = 8;

    private final Answer answer;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    /** Of each buffer in the body: where it starts, how long it is. */
    private final List<long[]> buffers = new ArrayList<>();
    /** Of each column: rows without a value. */
    private final List<Long> nulls = new ArrayList<>();

    private AnswerArrow(Answer answer) {
        this.answer = answer;
    }

    static byte[] write(Answer answer) {
        return new AnswerArrow(answer).write();
    }

    private byte[] write() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        message(stream, schema(), new byte[0]);
        for (int n = 0; n < answer.columns().size(); n++) {
            column(n);
        }
        message(stream, batch(), body.toByteArray());
        stream.writeBytes(little(8).putInt(CONTINUES).putInt(0).array());
        return stream.toByteArray();
    }

    private static void message(ByteArrayOutputStream stream, byte[] head, byte[] body) {
        int padding = padding(head.length);
        stream.writeBytes(
                little(8).putInt(CONTINUES).putInt(head.length + padding).array());
        stream.writeBytes(head);
        stream.writeBytes(new byte[padding]);
        stream.writeBytes(body);
    }

    private byte[] schema() {
        FlatBufferBuilder flat = new FlatBufferBuilder();
        List<Column> columns = answer.columns();
        int[] fields = new int[columns.size()];
        for (int n = 0; n < fields.length; n++) {
            fields[n] = field(flat, columns.get(n));
        }
        int list = Schema.createFieldsVector(flat, fields);
        int schema = Schema.createSchema(flat, Endianness.Little, list, 0, 0);
        return message(flat, MessageHeader.Schema, schema, 0);
    }

    private byte[] batch() {
        FlatBufferBuilder flat = new FlatBufferBuilder();
        RecordBatch.startBuffersVector(flat, buffers.size());
        for (long[] buffer : buffers.reversed()) {
            Buffer.createBuffer(flat, buffer[0], buffer[1]);
        }
        int places = flat.endVector();
        RecordBatch.startNodesVector(flat, nulls.size());
        for (long without : nulls.reversed()) {
            FieldNode.createFieldNode(flat, answer.rows().size(), without);
        }
        int nodes = flat.endVector();
        int batch = RecordBatch.createRecordBatch(flat, answer.rows().size(), nodes, places, 0, 0);
        return message(flat, MessageHeader.RecordBatch, batch, body.size());
    }

    private static byte[] message(FlatBufferBuilder flat, byte kind, int header, long bodyLength) {
        flat.finish(Message.createMessage(flat, MetadataVersion.V5, kind, header, bodyLength, 0));
        return flat.sizedByteArray();
    }

    private int field(FlatBufferBuilder flat, Column column) {
        int name = flat.createString(column.name());
        byte kind;
        int type;
        switch (column.type()) {
            case ColumnType.Decimal decimal -> {
                kind = Type.Decimal;
                type = Decimal.createDecimal(flat, decimal.precision(), decimal.scale(), 128);
            }
            case Simple.BOOLEAN -> {
                kind = Type.Bool;
                Bool.startBool(flat);
                type = Bool.endBool(flat);
            }
            case Simple.LONG -> {
                kind = Type.Int;
                type = Int.createInt(flat, 64, true);
            }
            case Simple.DOUBLE -> {
                kind = Type.FloatingPoint;
                type = FloatingPoint.createFloatingPoint(flat, Precision.DOUBLE);
            }
            case Simple.DATE -> {
                kind = Type.Date;
                type = Date.createDate(flat, DateUnit.DAY);
            }
            case Simple.TIMESTAMP -> {
                kind = Type.Timestamp;
                int zone = flat.createString(answer.question().span().zone().getId());
                type = Timestamp.createTimestamp(flat, TimeUnit.MICROSECOND, zone);
            }
            default -> {
                kind = Type.Utf8;
                Utf8.startUtf8(flat);
                type = Utf8.endUtf8(flat);
            }
        }
        int children = Field.createChildrenVector(flat, new int[0]);
        return Field.createField(flat, name, true, kind, type, 0, children, 0);
    }

    /** Which rows have a value, then the values; of texts where each ends, then the texts. */
    private void column(int n) {
        List<@Nullable Object> values = new ArrayList<>();
        answer.rows().forEach(row -> values.add(row.get(n)));
        byte[] valid = new byte[(values.size() + 7) / 8];
        long without = 0;
        for (int row = 0; row < values.size(); row++) {
            if (values.get(row) == null) {
                without++;
            } else {
                set(valid, row);
            }
        }
        nulls.add(without);
        buffer(valid);
        switch (answer.columns().get(n).type()) {
            case ColumnType.Decimal decimal -> decimals(values, decimal.scale());
            case Simple.BOOLEAN -> booleans(values);
            case Simple.LONG -> fixed(values, 8, (buffer, value) -> buffer.putLong((Long) value));
            case Simple.DOUBLE -> fixed(values, 8, (buffer, value) -> buffer.putDouble((Double) value));
            case Simple.DATE ->
                fixed(values, 4, (buffer, value) -> buffer.putInt((int) ((LocalDate) value).toEpochDay()));
            case Simple.TIMESTAMP ->
                fixed(
                        values,
                        8,
                        (buffer, value) -> buffer.putLong(
                                ChronoUnit.MICROS.between(Instant.EPOCH, ((OffsetDateTime) value).toInstant())));
            default -> texts(values);
        }
    }

    private interface Put {
        void put(ByteBuffer buffer, Object value);
    }

    private void fixed(List<@Nullable Object> values, int width, Put put) {
        ByteBuffer buffer = little(values.size() * width);
        for (int row = 0; row < values.size(); row++) {
            Object value = values.get(row);
            buffer.position(row * width);
            if (value != null) {
                put.put(buffer, value);
            }
        }
        buffer(buffer.array());
    }

    /** Two's complement of the number without its point, in 16 bytes, the least first. */
    private void decimals(List<@Nullable Object> values, int scale) {
        fixed(values, 16, (buffer, value) -> {
            byte[] digits = ((BigDecimal) value).setScale(scale).unscaledValue().toByteArray();
            for (int n = 0; n < 16; n++) {
                buffer.put(n < digits.length ? digits[digits.length - 1 - n] : (byte) (digits[0] >> 7));
            }
        });
    }

    private void booleans(List<@Nullable Object> values) {
        byte[] bits = new byte[(values.size() + 7) / 8];
        for (int row = 0; row < values.size(); row++) {
            if (Objects.equals(values.get(row), true)) {
                set(bits, row);
            }
        }
        buffer(bits);
    }

    private void texts(List<@Nullable Object> values) {
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        ByteBuffer ends = little((values.size() + 1) * 4);
        ends.putInt(0);
        for (Object value : values) {
            if (value != null) {
                texts.writeBytes(value.toString().getBytes(StandardCharsets.UTF_8));
            }
            ends.putInt(texts.size());
        }
        buffer(ends.array());
        buffer(texts.toByteArray());
    }

    private void buffer(byte[] bytes) {
        buffers.add(new long[] {body.size(), bytes.length});
        body.writeBytes(bytes);
        body.writeBytes(new byte[padding(bytes.length)]);
    }

    private static void set(byte[] bits, int n) {
        bits[n / 8] |= (byte) (1 << (n % 8));
    }

    private static int padding(int length) {
        return (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
