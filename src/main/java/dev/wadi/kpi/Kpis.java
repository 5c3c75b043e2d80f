package dev.wadi.kpi;

import dev.wadi.contract.Contracts;
import dev.wadi.yaml.Mistakes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All KPIs, by name. Immutable. */
public final class Kpis {
    private final Map<String, Kpi> byName = new TreeMap<>();

    private Kpis(List<Kpi> kpis) {
        kpis.forEach(kpi -> byName.put(kpi.name(), kpi));
    }

    /**
     * Reads every {@code *.kpi.yaml} under {@code directory}, at any depth. Without the directory there are no KPIs.
     *
     * @throws KpiException naming file, line, what is wrong and what to write, for every mistake found
     */
    public static Kpis load(Path directory, Contracts contracts) {
        Mistakes mistakes = new Mistakes();
        Kpis kpis = load(directory, contracts, mistakes);
        mistakes.refuse(KpiException::new);
        return kpis;
    }

    /** Reads as {@link #load(Path, Contracts)} does, but leaves the KPIs out that have a mistake, and tells all mistakes. */
    public static Kpis load(Path directory, Contracts contracts, Mistakes mistakes) {
        Map<String, KpiFile.Named> named = new TreeMap<>();
        try (SqlCheck sql = new SqlCheck()) {
            for (Path file : files(directory)) {
                new KpiFile(file, contracts, sql, mistakes).read().ifPresent(read -> {
                    KpiFile.Named first = named.putIfAbsent(read.kpi().name(), read);
                    if (first != null) {
                        mistakes.add(
                                file,
                                read.line(),
                                "%s:%d has the name '%s' already. Give one of them another name."
                                        .formatted(
                                                first.file(),
                                                first.line(),
                                                read.kpi().name()));
                    }
                });
            }
        }
        return new Kpis(named.values().stream().map(KpiFile.Named::kpi).toList());
    }

    private static List<Path> files(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".kpi.yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The folder of KPI definitions %s cannot be read".formatted(directory), e);
        }
    }

    public Optional<Kpi> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** In the order of their names. */
    public List<Kpi> all() {
        return List.copyOf(byName.values());
    }

    public List<String> names() {
        return List.copyOf(byName.keySet());
    }
}
