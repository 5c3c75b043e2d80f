package dev.wadi.merge;

import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What an event of a random history says of its key. {@code tracked}, {@code untracked} and {@code day} make up the content.
 *
 * @param gone whether the event deletes; then there is no content that counts
 */
record State(
        boolean gone, @Nullable Integer tracked, @Nullable Integer untracked, int day) {
    /** Few enough that events of a key often say the same. */
    static State random(Random random) {
        return new State(
                random.nextInt(4) == 0,
                random.nextInt(4) == 0 ? null : random.nextInt(2),
                random.nextInt(4) == 0 ? null : random.nextInt(3),
                random.nextInt(4) == 0 ? 1 : 0);
    }

    boolean sameTracked(State other) {
        return Objects.equals(tracked, other.tracked) && day == other.day;
    }

    boolean says(State other) {
        return gone == other.gone && (gone || sameTracked(other) && Objects.equals(untracked, other.untracked));
    }

    /** The values of {@code op, tracked, untracked, day}. */
    String sql() {
        return "'%s', %s, %s, DATE '2026-11-01' + %d".formatted(gone ? "D" : "U", tracked, untracked, day);
    }

    /**
     * {@code tracked}, {@code untracked} and {@code day} as a table shows them; null is {@code -}.
     *
     * @param fraction what the table has behind the point of {@code tracked}
     */
    String text(String fraction) {
        return "%s|%s|2026-11-%02d"
                .formatted(tracked == null ? "-" : tracked + fraction, untracked == null ? "-" : untracked, day + 1);
    }
}
