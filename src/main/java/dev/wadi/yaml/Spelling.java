package dev.wadi.yaml;

import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the word that was probably meant. */
public final class Spelling {
    private Spelling() {}

    /** {@code Write 'primaryKey'.}, or, when nothing is near, {@code Known here: a, b, c.} */
    public static String cure(String written, Collection<String> known) {
        String near = nearest(written, known);
        return near == null
                ? "Known here: %s.".formatted(String.join(", ", new TreeSet<>(known)))
                : "Write '%s'.".formatted(near);
    }

    /** The known word at most a third of its letters away from {@code written}; null when there is none. */
    public static @Nullable String nearest(String written, Collection<String> known) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String word : known) {
            int distance = distance(plain(written), plain(word));
            if (distance < bestDistance && distance <= Math.max(1, word.length() / 3)) {
                best = word;
                bestDistance = distance;
            }
        }
        return best;
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
