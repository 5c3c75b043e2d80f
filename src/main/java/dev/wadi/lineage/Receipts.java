package dev.wadi.lineage;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Ids of receipts: UUIDs of version 7 (RFC 9562), which begin with the time they were made at. */
public final class Receipts {
    /** The clocks of two machines may differ by that much. */
    private static final Duration APART = Duration.ofMinutes(5);

    private static final int TIME_VERSION = 7;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Receipts() {}

    /** A new id. */
    public static String create() {
        long time = System.currentTimeMillis();
        long high = (time << 16) | (TIME_VERSION << 12) | (RANDOM.nextLong() & 0xFFF);
        long low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** Whether a text can be a receipt: the id of a message, perhaps with {@code #} and a number. */
    public static boolean isOne(String text) {
        return text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(#[0-9]{1,9})?");
    }

    /** Before that no table can have had the message; long ago when the id does not tell. */
    static Instant time(String message) {
        UUID id = UUID.fromString(message);
        return id.version() == TIME_VERSION
                ? Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16).minus(APART)
                : Instant.EPOCH;
    }
}
