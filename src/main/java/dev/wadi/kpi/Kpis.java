package dev.wadi.kpi;

import dev.wadi.contract.Contracts;
import dev.wadi.yaml.FolderMarks;
import dev.wadi.yaml.Mistakes;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All KPIs, by name. Immutable. */
public final class Kpis {
    private final Map<String, Kpi> byName = new TreeMap<>();
    private final Map<String, List<KpiTest>> tests = new TreeMap<>();

    private Kpis(Collection<KpiFile.Named> definitions) {
        definitions.forEach(each -> {
            byName.put(each.kpi().name(), each.kpi());
            tests.put(each.kpi().name(), each.tests());
        });
    }

    static Kpis none() {
        return new Kpis(List.of());
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
            for (Path file : files(directory).find().keySet()) {
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
        return new Kpis(named.values());
    }

    /** The files that definitions are read from. */
    static FolderMarks files(Path directory) {
        return new FolderMarks(directory, name -> name.endsWith(".kpi.yaml"));
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

    /** The tests that the definition of {@code name} brings. */
    List<KpiTest> tests(String name) {
        return tests.getOrDefault(name, List.of());
    }
}
