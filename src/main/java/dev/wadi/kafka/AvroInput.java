package dev.wadi.kafka;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The values in the bytes of an Avro record, one after the other. Each length is held against what is left, so that damaged
 * bytes end in a {@link PoisonException} and not in a gigabyte of memory.
 */
final class AvroInput {
    private final ByteBuffer bytes;

    /** @param start where the record begins */
    AvroInput(byte[] bytes, int start) {
        this.bytes = ByteBuffer.wrap(bytes, start, bytes.length - start).order(ByteOrder.LITTLE_ENDIAN);
    }

    int left() {
        return bytes.remaining();
    }

    boolean bool() {
        byte value = octet();
        if (value != 0 && value != 1) {
            throw new PoisonException("a boolean is the byte %d".formatted(value));
        }
        return value == 1;
    }

    int integer() {
        long value = number();
        if ((int) value != value) {
            throw new PoisonException("an int has more than 32 bits");
        }
        return (int) value;
    }

    /** A long in Avro's zigzag. */
    long number() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = octet();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new PoisonException("a number has no end");
    }

    float float32() {
        need(Float.BYTES);
        return bytes.getFloat();
    }

    double float64() {
        need(Double.BYTES);
        return bytes.getDouble();
    }

    /** Bytes or text, behind their length. */
    byte[] block() {
        return block(number());
    }

    byte[] block(long length) {
        need(length);
        byte[] block = new byte[(int) length];
        bytes.get(block);
        return block;
    }

    private byte octet() {
        need(1);
        return bytes.get();
    }

    private void need(long count) {
        if (count < 0 || count > bytes.remaining()) {
            throw new PoisonException(
                    "it ends too early: %d bytes are announced and %d are left".formatted(count, bytes.remaining()));
        }
    }
}
