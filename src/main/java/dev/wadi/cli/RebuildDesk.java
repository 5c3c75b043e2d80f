package dev.wadi.cli;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.local.Settings;
import dev.wadi.merge.Rebuild;
import dev.wadi.merge.Transforms;
import dev.wadi.route.RouteTransforms;
import dev.wadi.store.LocalStore;
import dev.wadi.table.Lake;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes tables anew from their sources, to compare them or to put them in place, on a lake at rest or beside a server. */
public final class RebuildDesk {
    private static final String LAYER = "gold";

    private final PrintStream out;
    private final PrintStream err;

    public RebuildDesk(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Returns the exit code of the process: 0 when all is equal or put in place, 1 when something differs, 2 when it failed. */
    public int run(Optional<TableName> table, boolean compare, boolean json) {
        try {
            return Configured.run(configuration -> run(Settings.read(configuration), table, compare, json));
        } catch (RuntimeException e) {
            err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            return TableDesk.REFUSED;
        }
    }

    /** @param table empty for all of gold */
    int run(Settings settings, Optional<TableName> table, boolean compare, boolean json) {
        Contracts contracts = Contracts.load(settings.schemasDir().resolve("tables"));
        try (ScratchFolder spill = ScratchFolder.create("wadi-duckdb");
                ScratchFolder scratch = ScratchFolder.create("wadi-rebuild");
                DuckDb duckDb = new DuckDb(settings.duckDbMemory(), settings.duckDbThreads(), spill.path());
                Lake lake = new Lake(new LocalStore(), settings.lake(), contracts);
                Rebuild rebuild = new Rebuild(contracts, lake, duckDb, scratch.path())) {
            RouteTransforms transforms =
                    RouteTransforms.read(settings.routesDir(), contracts, duckDb, properties(settings));
            List<TableName> tables = table.map(List::of).orElseGet(() -> ordered(transforms));
            List<Map<String, Object>> documents = new ArrayList<>();
            boolean equal = true;
            for (TableName name : tables) {
                List<Transforms.Transform> fill = transforms.of(name);
                Rebuild.Comparison found = compare ? rebuild.compare(name, fill) : rebuild.replace(name, fill);
                equal &= found.isEqual();
                documents.add(document(found));
                if (!json) {
                    print(found, compare);
                }
            }
            if (json) {
                JsonPrint.print(out, Map.of("tables", documents));
            }
            return equal || !compare ? TableDesk.DONE : TableDesk.FAILED;
        }
    }

    private static Map<String, Object> properties(Settings settings) {
        Map<String, Object> properties = new LinkedHashMap<>(LintDesk.embedded(settings));
        properties.put("wadi.schemas-dir", settings.schemasDir().toString());
        return properties;
    }

    /** What others are made from comes before them. */
    private static List<TableName> ordered(RouteTransforms transforms) {
        List<TableName> left = new ArrayList<>(transforms.targets().stream()
                .filter(table -> table.layer().equals(LAYER))
                .sorted()
                .toList());
        List<TableName> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            TableName next = left.stream()
                    .filter(table -> transforms.of(table).stream()
                            .noneMatch(transform -> left.stream()
                                    .anyMatch(other -> !other.equals(table)
                                            && (transform.source().equals(other)
                                                    || transform.sql().contains(other.toString())))))
                    .findFirst()
                    .orElse(left.getFirst());
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private void print(Rebuild.Comparison found, boolean compare) {
        out.println(
                found.isEqual()
                        ? "%s version %d is what its sources say: %d rows"
                                .formatted(found.table(), found.version(), found.rows())
                        : "%s version %d %s: of %d rows %d were missing and %d different, and %d were too many"
                                .formatted(
                                        found.table(),
                                        found.version(),
                                        compare ? "is not what its sources say" : "was put right",
                                        found.rows(),
                                        found.missing(),
                                        found.different(),
                                        found.extra()));
        found.examples().forEach(line -> out.println("  " + line));
    }

    private static Map<String, Object> document(Rebuild.Comparison found) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("table", found.table().toString());
        document.put("version", found.version());
        document.put("rows", found.rows());
        document.put("missing", found.missing());
        document.put("extra", found.extra());
        document.put("different", found.different());
        document.put("examples", found.examples());
        return document;
    }
}
