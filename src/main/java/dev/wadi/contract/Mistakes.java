package dev.wadi.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with the contracts read so far. Reading goes on after a mistake, so that all are told at once. */
final class Mistakes {
    /** @param line counted from 1; 0 when the mistake is not in a line (a folder that is missing) */
    private record Mistake(Path file, int line, String text) {
        @Override
        public String toString() {
            return line == 0 ? "%s: %s".formatted(file, text) : "%s:%d: %s".formatted(file, line, text);
        }
    }

    private final List<Mistake> found = new ArrayList<>();

    /** @param text problem and cure, a sentence each */
    void add(Path file, int line, String text) {
        found.add(new Mistake(file, line, text));
    }

    int count() {
        return found.size();
    }

    /** @throws ContractException with a line for each mistake, by file and line */
    void refuse() {
        if (!found.isEmpty()) {
            throw new ContractException(found.stream()
                    .sorted(Comparator.comparing(Mistake::file).thenComparingInt(Mistake::line))
                    .map(Mistake::toString)
                    .distinct()
                    .collect(Collectors.joining("\n")));
        }
    }
}
