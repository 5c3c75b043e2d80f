package dev.wadi.cli;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.engine.DuckDb;
import dev.wadi.local.Settings;
import dev.wadi.merge.CompactionSettings;
import dev.wadi.merge.Compactions;
import dev.wadi.merge.Restores;
import dev.wadi.store.LocalStore;
import dev.wadi.table.Commit;
import dev.wadi.table.DeltaTable;
import dev.wadi.table.Lake;
import dev.wadi.table.Vacuumed;
import dev.wadi.upkeep.VacuumSettings;
import io.micronaut.core.value.PropertyResolver;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Does what a command asks for one table, in a process of its own: on a lake at rest, or beside a server that runs. Both commit
 * as any two writers do, so whoever comes second tries again.
 */
public final class TableDesk {
    /** The work was done. */
    public static final int DONE = 0;
    /** The work failed; the table is right. */
    public static final int FAILED = 1;
    /** What was asked makes no sense here. */
    public static final int REFUSED = 2;

    private final PrintStream out;
    private final PrintStream err;

    public TableDesk(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Returns the exit code of the process. */
    public int run(TableTask task) {
        return Configured.run(configuration -> run(task, configuration));
    }

    int run(TableTask task, PropertyResolver configuration) {
        try {
            return tend(task, configuration);
        } catch (RuntimeException e) {
            err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            return FAILED;
        }
    }

    private int tend(TableTask task, PropertyResolver configuration) {
        Settings settings = Settings.read(configuration);
        Contracts contracts = Contracts.load(settings.schemasDir().resolve("tables"));
        try (Lake lake = new Lake(new LocalStore(), settings.lake(), contracts)) {
            List<TableName> known = lake.tables();
            if (!known.contains(task.table())) {
                err.println(
                        known.isEmpty()
                                ? "There is no table %s: there is none in %s. Is WADI_LAKE or WADI_DATA_DIR right?"
                                        .formatted(task.table(), settings.lake())
                                : "There is no table %s. There are: %s."
                                        .formatted(
                                                task.table(),
                                                known.stream()
                                                        .map(TableName::toString)
                                                        .collect(Collectors.joining(", "))));
                return REFUSED;
            }
            return switch (task) {
                case TableTask.History history -> history(lake.table(task.table()), history);
                case TableTask.Vacuum vacuum -> vacuum(lake.table(task.table()), vacuum, vacuum(configuration));
                case TableTask.Optimize optimize ->
                    withDuckDb(
                            settings,
                            duckDb -> optimize(Compactions.alone(lake, duckDb, compaction(configuration)), optimize));
                case TableTask.Restore restore ->
                    withDuckDb(settings, duckDb -> restore(Restores.alone(lake, duckDb), restore));
            };
        }
    }

    private static VacuumSettings vacuum(PropertyResolver configuration) {
        VacuumSettings otherwise = VacuumSettings.DEFAULTS;
        return new VacuumSettings(
                configuration
                        .getProperty("wadi.vacuum.interval", Duration.class)
                        .orElse(otherwise.interval()),
                configuration
                        .getProperty("wadi.vacuum.retention", Duration.class)
                        .orElse(otherwise.retention()),
                configuration
                        .getProperty("wadi.vacuum.safety-age", Duration.class)
                        .orElse(otherwise.safetyAge()));
    }

    private static CompactionSettings compaction(PropertyResolver configuration) {
        CompactionSettings otherwise = CompactionSettings.DEFAULTS;
        return new CompactionSettings(
                configuration
                        .getProperty("wadi.compaction.target-file-bytes", Long.class)
                        .orElse(otherwise.targetFileBytes()),
                configuration
                        .getProperty("wadi.compaction.deleted-percent", Integer.class)
                        .orElse(otherwise.deletedPercent()));
    }

    private static int withDuckDb(Settings settings, Function<DuckDb, Integer> work) {
        try (ScratchFolder spill = ScratchFolder.create("wadi-duckdb");
                DuckDb duckDb = new DuckDb(settings.duckDbMemory(), settings.duckDbThreads(), spill.path())) {
            return work.apply(duckDb);
        }
    }

    private int history(DeltaTable table, TableTask.History task) {
        DeltaTable.History history = table.history(task.limit(), 0);
        if (task.json()) {
            JsonPrint.print(
                    out,
                    Map.of(
                            "table",
                            table.name().toString(),
                            "commits",
                            history.commits().stream().map(TableDesk::document).toList(),
                            "total",
                            history.total()));
            return DONE;
        }
        for (Commit commit : history.commits()) {
            out.printf(
                    "%8d  %s  %-10s  %s%s  (%s)%n",
                    commit.version(),
                    commit.timestamp(),
                    commit.operation() == null ? "?" : commit.operation(),
                    words(commit.parameters()),
                    words(commit.metrics()),
                    commit.engine() == null ? "?" : commit.engine());
        }
        return DONE;
    }

    private static String words(Map<String, String> values) {
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(value -> value.getKey() + "=" + value.getValue() + " ")
                .collect(Collectors.joining());
    }

    private static Map<String, Object> document(Commit commit) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", commit.version());
        document.put("timestamp", commit.timestamp().toString());
        document.put("operation", commit.operation());
        document.put("parameters", commit.parameters());
        document.put("metrics", commit.metrics());
        document.put("engineInfo", commit.engine());
        return document;
    }

    private int optimize(Compactions compactions, TableTask.Optimize task) {
        Compactions.Optimized done = compactions.optimize(task.table());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("table", done.table().toString());
        document.put("version", done.version());
        document.put("commits", done.commits());
        document.put("filesRemoved", done.filesRemoved());
        document.put("filesAdded", done.filesAdded());
        document.put("bytesRemoved", done.bytesRemoved());
        document.put("bytesAdded", done.bytesAdded());
        document.put("filesSkipped", done.skipped());
        print(
                task.json(),
                document,
                done.commits() == 0 && done.skipped() == 0
                        ? "%s has nothing to optimize; it stays at version %d".formatted(done.table(), done.version())
                        : "%s is at version %d: %d files of %d bytes became %d of %d bytes in %d commits%s"
                                .formatted(
                                        done.table(),
                                        done.version(),
                                        done.filesRemoved(),
                                        done.bytesRemoved(),
                                        done.filesAdded(),
                                        done.bytesAdded(),
                                        done.commits(),
                                        done.skipped() == 0
                                                ? ""
                                                : "; %d files changed meanwhile: run it again"
                                                        .formatted(done.skipped())));
        return DONE;
    }

    private int vacuum(DeltaTable table, TableTask.Vacuum task, VacuumSettings settings) {
        Duration retention =
                task.retention().or(() -> table.latest().fileRetention()).orElse(settings.retention());
        if (retention.compareTo(settings.safetyAge()) < 0 && !task.force()) {
            err.println(
                    "vacuum: a retention of %s is shorter than the safety age (%s): files could go that another process reads. Write a longer one, or --force when no other process reads %s."
                            .formatted(text(retention), text(settings.safetyAge()), task.table()));
            return REFUSED;
        }
        Vacuumed done = table.vacuum(retention, settings.safetyAge(), task.dryRun());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("table", done.table().toString());
        document.put("version", done.version());
        document.put("retentionSeconds", done.retention().toSeconds());
        document.put("dryRun", done.dryRun());
        document.put("bytes", done.bytes());
        document.put("files", done.files());
        if (task.dryRun() && !task.json()) {
            done.files().forEach(out::println);
        }
        print(
                task.json(),
                document,
                "%s: %d files of %d bytes %s that no version of the last %s needs"
                        .formatted(
                                done.table(),
                                done.files().size(),
                                done.bytes(),
                                done.dryRun() ? "would be deleted" : "deleted",
                                text(done.retention())));
        return DONE;
    }

    private static String text(Duration duration) {
        return duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }

    private int restore(Restores restores, TableTask.Restore task) {
        Restores.Restored done = task.version().isPresent()
                ? restores.restore(task.table(), task.version().getAsLong())
                : restores.restore(task.table(), task.timestamp().orElseThrow());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("table", done.table().toString());
        document.put("version", done.version());
        document.put("restoredVersion", done.restoredVersion());
        document.put("filesRestored", done.filesRestored());
        document.put("filesRemoved", done.filesRemoved());
        document.put("rows", done.rows());
        print(
                task.json(),
                document,
                "%s is at version %d with the %d rows of version %d: %d files came back, %d went"
                        .formatted(
                                done.table(),
                                done.version(),
                                done.rows(),
                                done.restoredVersion(),
                                done.filesRestored(),
                                done.filesRemoved()));
        return DONE;
    }

    private void print(boolean json, Map<String, Object> document, String text) {
        if (json) {
            JsonPrint.print(out, document);
        } else {
            out.println(text);
        }
    }
}
