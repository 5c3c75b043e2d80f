package dev.wadi.cli;

import dev.wadi.contract.Contracts;
import dev.wadi.engine.DuckDb;
import dev.wadi.engine.LakeReader;
import dev.wadi.generator.CsvTables;
import dev.wadi.generator.Destination;
import dev.wadi.generator.Fault;
import dev.wadi.generator.Generation;
import dev.wadi.generator.ShopFiles;
import dev.wadi.generator.ShopSimulation;
import dev.wadi.generator.Target;
import dev.wadi.generator.Verification;
import dev.wadi.infer.Inference;
import dev.wadi.local.Settings;
import dev.wadi.store.LocalStore;
import dev.wadi.table.Lake;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Does what a command asks about data: makes some, brings some in, or compares. */
public final class DataDesk {
    private static final long PAUSE_MILLIS = 1_000;

    private final PrintStream out;
    private final PrintStream err;

    public DataDesk(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Returns the exit code of the process. */
    public int run(DataTask task) {
        try {
            return Configured.run(configuration -> run(task, Settings.read(configuration)));
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    int run(DataTask task, Settings settings) {
        try {
            return switch (task) {
                case DataTask.Generate generate -> generate(generate, settings);
                case DataTask.Verify verify -> verify(verify, settings);
                case DataTask.Shop shop -> shop(shop);
                case DataTask.LoadCsv load -> load(load, settings);
                case DataTask.Simulate simulate -> simulate(simulate, settings);
                case DataTask.Infer infer -> infer(infer, settings);
            };
        } catch (SQLException e) {
            err.println(SqlDesk.told(e, "name a database with --jdbc"));
            return TableDesk.FAILED;
        } catch (IOException | RuntimeException e) {
            return failed(e);
        }
    }

    private int failed(Exception e) {
        err.println(e.getMessage() == null ? e.toString() : e.getMessage());
        return TableDesk.FAILED;
    }

    /** What was sent is told on the error output: the other one may carry the events. */
    private int generate(DataTask.Generate task, Settings settings) throws IOException {
        Generation.Sent sent;
        try (Target target = task.to().open(task.stream(), task.options(), addresses(settings), task.details(), out)) {
            sent = new Generation(task.stream(), task.options(), task.truth().orElse(null))
                    .run(task.count(), task.rate(), target);
        }
        String faults = sent.faults().entrySet().stream()
                .filter(each -> each.getKey() != Fault.NONE)
                .map(each -> ", %d %s".formatted(each.getValue(), name(each.getKey())))
                .collect(Collectors.joining());
        err.printf(
                "%d events of %s (--seed %d --start %s) to %s in %.1f s, %d a second%s%n",
                sent.events(),
                task.stream(),
                task.options().seed(),
                task.options().start(),
                task.to(),
                sent.took().toMillis() / 1000.0,
                sent.perSecond(),
                faults);
        return TableDesk.DONE;
    }

    private static String name(Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }

    private static Destination.Addresses addresses(Settings settings) {
        return new Destination.Addresses(
                "http://%s:%d".formatted(settings.httpHost(), settings.httpPort()),
                settings.rabbitMqUri().orElse("amqp://guest:guest@127.0.0.1:%d".formatted(settings.amqpPort())),
                settings.kafkaServers().orElse("127.0.0.1:%d".formatted(settings.kafkaPort())),
                settings.database(),
                settings.dataDir().resolve("drops"),
                new Destination.Blobs(
                        settings.blobConnection(), settings.blobs().container()));
    }

    private int shop(DataTask.Shop task) throws IOException {
        ShopFiles.write(task.folder(), task.seed(), task.start(), task.orders()).forEach(out::println);
        return TableDesk.DONE;
    }

    private int load(DataTask.LoadCsv task, Settings settings) throws IOException, SQLException {
        new CsvTables(task.schema())
                .load(task.files(), task.jdbc().orElseGet(settings::database))
                .forEach((table, rows) -> out.println("%s: %d rows".formatted(table, rows)));
        return TableDesk.DONE;
    }

    private int simulate(DataTask.Simulate task, Settings settings) throws SQLException {
        new ShopSimulation(task.schema(), task.seed())
                .run(task.jdbc().orElseGet(settings::database), task.count(), task.rate())
                .forEach((step, times) ->
                        out.println("%s: %d".formatted(step.name().toLowerCase(Locale.ROOT), times)));
        return TableDesk.DONE;
    }

    private int infer(DataTask.Infer task, Settings settings) throws IOException {
        List<Path> files =
                new Inference(settings.schemasDir(), settings.routesDir()).write(task.sample(), task.stream());
        files.forEach(out::println);
        out.println(
                "Read their comments and correct what is not so. `wadi lint` checks them; contracts are read at the next start.");
        return TableDesk.DONE;
    }

    private int verify(DataTask.Verify task, Settings settings) throws IOException {
        if (!Files.isReadable(task.truth())) {
            err.println("verify: %s cannot be read: generate --truth FILE writes one".formatted(task.truth()));
            return TableDesk.REFUSED;
        }
        Contracts contracts = Contracts.load(settings.schemasDir().resolve("tables"));
        Path folder = task.lake().orElse(settings.lake());
        long deadline = System.nanoTime() + task.within().toNanos();
        try (ScratchFolder spill = ScratchFolder.create("wadi-duckdb");
                DuckDb duckDb = new DuckDb(settings.duckDbMemory(), settings.duckDbThreads(), spill.path());
                Lake lake = new Lake(new LocalStore(), folder, contracts);
                LakeReader reader = new LakeReader(duckDb, lake)) {
            while (true) {
                List<String> told = new ArrayList<>();
                long differences = new Verification(lake, reader, task.amongOthers(), words -> {
                            if (told.size() < task.limit()) {
                                told.add(words);
                            }
                        })
                        .run(task.truth());
                if (differences == 0 || System.nanoTime() >= deadline) {
                    told.forEach(out::println);
                    return tell(task, differences, folder);
                }
                pause();
            }
        }
    }

    private int tell(DataTask.Verify task, long differences, Path folder) {
        if (differences == 0) {
            out.println("%s holds what %s says".formatted(folder, task.truth()));
            return TableDesk.DONE;
        }
        if (differences > task.limit()) {
            out.println("... and %d more".formatted(differences - task.limit()));
        }
        out.println("%d differences".formatted(differences));
        return TableDesk.FAILED;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
