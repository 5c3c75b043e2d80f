package dev.wadi.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The functions of DuckDB that a statement may call, from {@code sql/functions.txt}. One that is not listed there is refused, so
 * that a function that a new DuckDB brings is refused until somebody has looked at it.
 */
final class AllowedFunctions {
    /** Functions that give rows. */
    static final Set<String> OF_TABLES = Collections.unmodifiableSet(
            new TreeSet<>(Set.of("generate_series", "json_each", "json_tree", "range", "unnest")));

    static final Set<String> OF_VALUES = read();

    private AllowedFunctions() {}

    private static Set<String> read() {
        try (InputStream file = Objects.requireNonNull(
                AllowedFunctions.class.getResourceAsStream("/sql/functions.txt"), "sql/functions.txt")) {
            Set<String> names = new TreeSet<>();
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Stream.of(line.strip().split("\\s+")))
                    .filter(name -> !name.isEmpty())
                    .forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
            return Collections.unmodifiableSet(names);
        } catch (IOException e) {
            throw new UncheckedIOException("sql/functions.txt cannot be read", e);
        }
    }
}
