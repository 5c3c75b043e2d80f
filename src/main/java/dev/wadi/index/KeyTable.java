package dev.wadi.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.function.LongPredicate;

/**
 * A hash table outside the heap: two hashes of a key to a position and a sequence. For one thread.
 *
 * <p>A slot is three longs: the first hash (63 bits, never 0), the high 24 bits of the second hash with the position (40
 * bits), the sequence. Slots are in the order of the first hash, with linear probing, so growing copies from front to back.
 * Two keys are taken for one when 87 bits of their hashes are equal.
 */
final class KeyTable {
    /** The first position that does not fit. */
    static final long POSITIONS = 1L << 40;

    private static final int SLOT = 3;
    private static final int SLOT_BYTES = SLOT * Long.BYTES;
    private static final double MOST_LOAD = 0.75;
    /** Longs in a buffer: one buffer has at most 2 GiB. */
    private static final int SHARD_BITS = 26;

    private static final long SHARD_MASK = (1L << SHARD_BITS) - 1;

    private final LongPredicate grants;
    private LongBuffer[] shards;
    private long slots;
    private long size;

    /**
     * @param expected keys that fit without growing
     * @param grants asked before the table grows whether it may take so many bytes; those it has are given back afterwards
     */
    KeyTable(long expected, LongPredicate grants) {
        this.grants = grants;
        slots = slotsFor(expected);
        shards = allocate(slots);
    }

    private static long slotsFor(long keys) {
        return Math.max(1024, (long) (keys / MOST_LOAD) + 1);
    }

    /** The memory of a table for so many keys. */
    static long bytesFor(long keys) {
        return slotsFor(keys) * SLOT_BYTES;
    }

    private static LongBuffer[] allocate(long slots) {
        long longs = slots * SLOT;
        LongBuffer[] shards = new LongBuffer[(int) ((longs + SHARD_MASK) >>> SHARD_BITS)];
        for (int shard = 0; shard < shards.length; shard++) {
            long here = Math.min(1L << SHARD_BITS, longs - ((long) shard << SHARD_BITS));
            shards[shard] = ByteBuffer.allocateDirect(Math.toIntExact(here * Long.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer();
        }
        return shards;
    }

    private long get(long at) {
        return shards[(int) (at >>> SHARD_BITS)].get((int) (at & SHARD_MASK));
    }

    private void set(long at, long value) {
        shards[(int) (at >>> SHARD_BITS)].put((int) (at & SHARD_MASK), value);
    }

    /** Keys in the table. */
    long size() {
        return size;
    }

    private static long home(long hash, long slots) {
        return Math.unsignedMultiplyHigh(hash << 1, slots);
    }

    /** The slot of a key; {@code ~slot} of the free one where it would go, when it is not there. */
    long find(long hash, long second) {
        long first = hash == 0 ? 1 : hash;
        long tag = second >>> 39;
        for (long slot = home(first, slots); ; ) {
            long found = get(slot * SLOT);
            if (found == 0) {
                return ~slot;
            }
            if (found == first && get(slot * SLOT + 1) >>> 40 == tag) {
                return slot;
            }
            if (++slot == slots) {
                slot = 0;
            }
        }
    }

    /** @param slot as {@link #find} gave it, not negative */
    long position(long slot) {
        return get(slot * SLOT + 1) & (POSITIONS - 1);
    }

    /** @param slot as {@link #find} gave it, not negative */
    long sequence(long slot) {
        return get(slot * SLOT + 2);
    }

    /**
     * Adds a key, or gives one that is there another position and sequence.
     *
     * @throws KeyTableFullException when it would have to grow, and may not
     */
    void put(long hash, long second, long position, long sequence) {
        long slot = find(hash, second);
        if (slot < 0) {
            if (size + 1 > slots * MOST_LOAD) {
                grow();
                slot = find(hash, second);
            }
            slot = ~slot;
            size++;
            set(slot * SLOT, hash == 0 ? 1 : hash);
        }
        set(slot * SLOT + 1, second >>> 39 << 40 | position);
        set(slot * SLOT + 2, sequence);
    }

    private void grow() {
        long keys = grants.test(bytesFor(size * 2)) ? size * 2 : size + size / 4 + 1;
        if (keys < size * 2 && !grants.test(bytesFor(keys))) {
            throw new KeyTableFullException(size);
        }
        LongBuffer[] old = shards;
        long oldSlots = slots;
        shards = allocate(slotsFor(keys));
        slots = slotsFor(keys);
        for (long slot = 0; slot < oldSlots; slot++) {
            long at = slot * SLOT;
            long hash = old[(int) (at >>> SHARD_BITS)].get((int) (at & SHARD_MASK));
            if (hash != 0) {
                long to = home(hash, slots);
                while (get(to * SLOT) != 0) {
                    to = to + 1 == slots ? 0 : to + 1;
                }
                set(to * SLOT, hash);
                set(to * SLOT + 1, old[(int) (at + 1 >>> SHARD_BITS)].get((int) (at + 1 & SHARD_MASK)));
                set(to * SLOT + 2, old[(int) (at + 2 >>> SHARD_BITS)].get((int) (at + 2 & SHARD_MASK)));
            }
        }
    }
}
