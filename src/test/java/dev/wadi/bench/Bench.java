package dev.wadi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Runs the benchmarks: {@code make bench}, or some of them with {@code make bench ARGS="http amqp"}. It needs the packaged
 * app and RabbitMQ, starts both, and prints every figure beside what it was compared with.
 */
public final class Bench {
    private static final Map<String, Part> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("http", HttpPart::single);
        PARTS.put("batch", HttpPart::batches);
        PARTS.put("amqp", AmqpPart::measure);
        PARTS.put("kpi", KpiPart::measure);
        PARTS.put("fresh", FreshnessPart::measure);
    }

    private Bench() {}

    /** @param args names of the parts to run; none for all */
    public static void main(String[] args) throws Exception {
        Set<String> unknown = new TreeSet<>(List.of(args));
        unknown.removeAll(PARTS.keySet());
        if (!unknown.isEmpty()) {
            System.err.println("no such part: " + unknown + "; there are " + PARTS.keySet());
            System.exit(2);
        }
        List<String> chosen = args.length == 0 ? List.copyOf(PARTS.keySet()) : List.of(args);
        System.out.printf(
                "%d cores, %s, Java %s%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.arch"),
                System.getProperty("java.version"));
        List<Figure> figures = new ArrayList<>();
        List<String> memory = new ArrayList<>();
        Path folder = Files.createTempDirectory("wadi-bench");
        try (Subject subject = new Subject(folder)) {
            for (String name : chosen) {
                System.out.println(name);
                Part part = Objects.requireNonNull(PARTS.get(name));
                figures.addAll(part.measure(subject));
                String used = subject.memory();
                System.out.println("  " + used);
                memory.add(name + ": " + used);
            }
        } finally {
            delete(folder);
        }
        System.out.println();
        System.out.println(Figure.header());
        figures.forEach(figure -> System.out.println(figure.row()));
        System.out.println();
        System.out.println("Memory of the app after each part (aim: < 1 GiB heap + 1 GiB DuckDB):");
        memory.forEach(System.out::println);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
