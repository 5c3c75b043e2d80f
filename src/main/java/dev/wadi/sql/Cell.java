package dev.wadi.sql;

import dev.wadi.sql.SqlProblem.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own in which foreign statements run, one at a time: what they do to DuckDB they do there.
 *
 * <p>DuckDB's own limit of memory does not count all that functions take, and some of them cannot be interrupted. So the system
 * limits the memory of the process, and a statement that does not end when it is told to ends with its process.
 */
final class Cell implements AutoCloseable {
    /** With which a cell ends when the result of a statement does not fit into its heap. */
    static final int HEAP_FULL = 3;

    /** Addresses that Java, its heap and the code of DuckDB take, before a statement takes any. */
    private static final long ADDRESSES = 800_000_000;
    /** The same in memory that is really used. */
    private static final long BASE = 250_000_000;
    /** How long a statement that was told to end may go on. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private static final Duration STARTED_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final String HEAP = "-Xmx96m";

    private final Path folder;
    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final ScheduledExecutorService clock;
    private final long memory;

    /** Why the process was ended; null as long as it was not. */
    private volatile @Nullable Kind ended;

    private boolean broken;

    private Cell(Path folder, Process process, ScheduledExecutorService clock, long memory) {
        this.folder = folder;
        this.process = process;
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
        this.clock = clock;
        this.memory = memory;
    }

    /**
     * Starts the process, with nothing of this one's environment.
     *
     * @param folder for its files; it goes with the cell
     */
    static Cell start(Path folder, SqlSettings settings, ScheduledExecutorService clock) throws IOException {
        Files.createDirectories(folder);
        long kilobytes = (settings.memoryBytes() + ADDRESSES) / 1024;
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                // a system that has no such limit still looks at the memory that is used
                "ulimit -c 0; ulimit -v %d 2>/dev/null; command -v nice >/dev/null && exec nice -n 10 \"$@\"; exec \"$@\""
                        .formatted(kilobytes),
                "cell",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:CompressedClassSpaceSize=32m",
                "-XX:ReservedCodeCacheSize=32m",
                "-XX:-UsePerfData",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                "-Djava.io.tmpdir=" + folder,
                "-Duser.timezone=UTC",
                "-Dfile.encoding=UTF-8",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                place(CellMain.class) + ":" + place(DuckDBConnection.class),
                CellMain.class.getName(),
                settings.memory(),
                settings.spill(),
                folder.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("LC_ALL", "C.UTF-8");
        // an arena for each thread would take the addresses that statements are given
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        Cell cell = new Cell(folder, builder.start(), clock, settings.memoryBytes());
        try {
            cell.call(STARTED_WITHIN, () -> kept(cell.in.readUnsignedByte() == Wire.READY, cell));
        } catch (SqlProblem e) {
            cell.close();
            throw new IOException("it does not start (java in %s)".formatted(System.getProperty("java.home")), e);
        }
        return cell;
    }

    private static Path place(Class<?> type) {
        CodeSource source = Objects.requireNonNull(type.getProtectionDomain().getCodeSource(), type.getName());
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The class path has the place %s".formatted(source.getLocation()), e);
        }
    }

    boolean usable() {
        return !broken && ended == null && process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** The parse tree of a statement. */
    String parse(String sql, Duration within) {
        return call(within, () -> {
            out.writeByte(Wire.PARSE);
            Wire.text(out, sql);
            out.flush();
            int kind = in.readUnsignedByte();
            if (kind == Wire.FAILURE) {
                throw CellWords.problem(Wire.text(in));
            }
            return kept(kind == Wire.TREE, Wire.text(in));
        });
    }

    /** The columns, rows and whether there are more. */
    record Rows(List<SqlAnswer.Column> columns, List<List<@Nullable Object>> rows, boolean more) {}

    Rows run(Task task) {
        return call(Duration.ofMillis(task.millis()), () -> {
            out.writeByte(Wire.RUN);
            task.write(out);
            out.flush();
            return rows(task.rows());
        });
    }

    private Rows rows(int most) throws IOException {
        List<SqlAnswer.Column> columns = new ArrayList<>();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        while (true) {
            int kind = in.readUnsignedByte();
            switch (kind) {
                case Wire.FAILURE -> throw CellWords.problem(Wire.text(in));
                case Wire.COLUMNS -> {
                    for (int n = in.readInt(); n > 0; n--) {
                        columns.add(new SqlAnswer.Column(Wire.text(in), Wire.text(in)));
                    }
                }
                case Wire.ROW -> {
                    List<@Nullable Object> row = new ArrayList<>(columns.size());
                    for (int n = 0; n < columns.size(); n++) {
                        row.add(Wire.value(in));
                    }
                    rows.add(kept(rows.size() < most, row));
                }
                case Wire.END -> {
                    return new Rows(columns, rows, in.readBoolean());
                }
                default -> throw new IOException("an answer of kind " + kind);
            }
        }
    }

    private static <T> T kept(boolean promise, T value) throws IOException {
        if (!promise) {
            throw new IOException("an answer that was not asked for");
        }
        return value;
    }

    private interface Call<T> {
        T call() throws IOException;
    }

    private <T> T call(Duration within, Call<T> call) {
        long deadline = System.nanoTime() + within.plus(GRACE).toNanos();
        Future<?> watch = clock.scheduleWithFixedDelay(
                () -> look(deadline), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return call.call();
        } catch (SqlProblem e) {
            // DuckDB may not be whole after a failure inside
            broken |= e.kind() == Kind.CRASH;
            throw e;
        } catch (IOException e) {
            broken = true;
            throw lost(e);
        } finally {
            watch.cancel(false);
        }
    }

    private SqlProblem lost(IOException failure) {
        process.destroyForcibly();
        Kind why = ended;
        if (why == null) {
            try {
                why = process.waitFor() == HEAP_FULL ? Kind.MEMORY : Kind.CRASH;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                why = Kind.CRASH;
            }
        }
        SqlProblem problem = CellWords.of(why);
        problem.initCause(failure);
        return problem;
    }

    /** Ends the process when it takes more than it may. */
    private void look(long deadline) {
        if (ended != null) {
            return;
        }
        if (System.nanoTime() > deadline) {
            end(Kind.TIME);
        } else if (used() > BASE + memory) {
            end(Kind.MEMORY);
        }
    }

    private void end(Kind why) {
        ended = why;
        process.destroyForcibly();
    }

    /** Bytes of memory that the process uses; 0 where the system does not tell. */
    private long used() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/%d/status".formatted(process.pid())))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList().reversed()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // it is deleted when the next Wadi starts a cell
        }
    }
}
