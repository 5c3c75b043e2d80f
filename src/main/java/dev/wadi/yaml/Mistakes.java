package dev.wadi.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** What is wrong with the files read so far. Reading goes on after a mistake, so that all are told at once. */
public final class Mistakes {
    /** @param line counted from 1; 0 when the mistake is not in a line (a folder that is missing) */
    private record Mistake(Path file, int line, String text) {
        @Override
        public String toString() {
            return line == 0 ? "%s: %s".formatted(file, text) : "%s:%d: %s".formatted(file, line, text);
        }
    }

    private final List<Mistake> found = new ArrayList<>();

    /** @param text problem and cure, a sentence each */
    public void add(Path file, int line, String text) {
        found.add(new Mistake(file, line, text));
    }

    public int count() {
        return found.size();
    }

    /**
     * @param refusal of all there is, a text for each mistake, by file and line
     * @throws RuntimeException the refusal, when there is any mistake
     */
    public void refuse(Function<List<String>, ? extends RuntimeException> refusal) {
        if (!found.isEmpty()) {
            throw refusal.apply(lines());
        }
    }

    /** A text for each mistake, by file and line. */
    public List<String> lines() {
        return found.stream()
                .sorted(Comparator.comparing(Mistake::file).thenComparingInt(Mistake::line))
                .map(Mistake::toString)
                .distinct()
                .toList();
    }
}
