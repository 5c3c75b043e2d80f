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

    /** Levenshtein distance in which two letters that changed places are one step. */
    private static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int change = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                steps[i][j] = Math.min(change, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[a.length()][b.length()];
    }
}
