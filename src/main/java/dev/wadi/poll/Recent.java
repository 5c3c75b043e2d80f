package dev.wadi.poll;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The rows that were read not long ago, so that those within the overlap are not handed to the table at each poll. It may
 * forget: what is handed over twice is a duplicate.
 */
final class Recent {
    private static final int MOST = 100_000;

    private final Set<ByteBuffer> before = new LinkedHashSet<>();
    private final Set<ByteBuffer> now = new LinkedHashSet<>();

    /** Whether this very row was read since the beginning of the last poll. */
    boolean add(byte[] row) {
        ByteBuffer hash = hash(row);
        if (now.size() == MOST) {
            Iterator<ByteBuffer> oldest = now.iterator();
            oldest.next();
            oldest.remove();
        }
        now.add(hash);
        return before.contains(hash);
    }

    /** What was read in this poll is what the next one may meet again. */
    void pollEnded() {
        before.clear();
        before.addAll(now);
        now.clear();
    }

    void clear() {
        before.clear();
        now.clear();
    }

    private static ByteBuffer hash(byte[] row) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(row), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
