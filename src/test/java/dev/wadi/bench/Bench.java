package dev.wadi.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the benchmarks: {@code make bench}, or some of them with {@code make bench ARGS="http amqp"}. It needs the packaged
 * app and RabbitMQ, starts both and Kafka, and prints every figure beside what it was compared with.
 */
public final class Bench {
    private static final Map<String, Part> PARTS = new LinkedHashMap<>();
    /** With a lake of their own: in process, or with an app on it. */
    private static final Map<String, Merging> MERGING = new LinkedHashMap<>();
    /** Parts that take minutes and gigabytes of disk: only when they are named. */
    private static final List<String> LARGE = List.of("fifty", "lineitem", "gigabyte", "facts100");

    /** Measures on a lake of its own in a folder. */
    private interface Merging {
        List<Figure> measure(Path folder) throws Exception;
    }

    static {
        PARTS.put("http", HttpPart::single);
        PARTS.put("batch", HttpPart::batches);
        PARTS.put("amqp", AmqpPart::measure);
        PARTS.put("kafka", KafkaPart::measure);
        PARTS.put("kpi", KpiPart::measure);
        PARTS.put("fresh", FreshnessPart::measure);
        PARTS.put("receipts", ReceiptPart::measure);
        MERGING.put("generate", GeneratePart::measure);
        MERGING.put("merge", MergePart::millions);
        MERGING.put("rewrite", MergePart::copyOnWrite);
        MERGING.put("scan", MergePart::scanned);
        MERGING.put("commits", CommitsPart::measure);
        MERGING.put("intake", IntakePart::measure);
        MERGING.put("drops", DropsPart::measure);
        MERGING.put("gigabyte", DropsPart::gigabyte);
        MERGING.put("facts", GoldPart::million);
        MERGING.put("facts100", GoldPart::hundredMillions);
        MERGING.put("fifty", MergePart::fifty);
        MERGING.put("lineitem", LineitemPart::measure);
    }

    private final List<Figure> figures = new ArrayList<>();
    private final List<String> memory = new ArrayList<>();

    private Bench() {}

    /** @param args names of the parts to run; none for all */
    public static void main(String[] args) throws Exception {
        List<String> known = new ArrayList<>(PARTS.keySet());
        known.addAll(MERGING.keySet());
        List<String> chosen = args.length == 0
                ? known.stream().filter(part -> !LARGE.contains(part)).toList()
                : List.of(args);
        if (!known.containsAll(chosen)) {
            System.err.println("There is no part of that name. There are: " + String.join(", ", known));
            System.exit(2);
        }
        System.out.printf(
                "%d cores, load %.1f before the start, %s, Java %s%n",
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.arch"),
                System.getProperty("java.version"));
        Bench bench = new Bench();
        Path folder = Files.createTempDirectory("wadi-bench");
        try {
            bench.measureApp(folder.resolve("app"), chosen);
            for (Map.Entry<String, Merging> part : MERGING.entrySet()) {
                if (chosen.contains(part.getKey())) {
                    System.out.println(part.getKey());
                    Path lakes = Files.createDirectory(folder.resolve(part.getKey()));
                    bench.figures.addAll(part.getValue().measure(lakes));
                    delete(lakes);
                }
            }
        } finally {
            delete(folder);
        }
        bench.print();
        // The client's threads end by themselves only after a while.
        System.exit(0);
    }

    private void measureApp(Path folder, List<String> chosen) throws Exception {
        if (PARTS.keySet().stream().noneMatch(chosen::contains)) {
            return;
        }
        try (Subject subject = new Subject(folder, chosen.contains("kafka"))) {
            System.out.println("ready: " + subject.memory());
            for (Map.Entry<String, Part> part : PARTS.entrySet()) {
                if (chosen.contains(part.getKey())) {
                    System.out.println(part.getKey());
                    figures.addAll(part.getValue().measure(subject));
                    String used = subject.memory();
                    System.out.println("  " + used);
                    memory.add(part.getKey() + ": " + used);
                }
            }
        }
    }

    private void print() {
        System.out.println();
        System.out.println(Figure.header());
        figures.forEach(figure -> System.out.println(figure.row()));
        if (!memory.isEmpty()) {
            System.out.println();
            System.out.println("Memory of the app after each part (aim: < 1 GiB heap + 1 GiB DuckDB):");
            memory.forEach(System.out::println);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
