package dev.wadi.sql;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a cell: takes statements from standard input, one at a time, and answers on standard output. Each statement has
 * a DuckDB of its own, with its views, which may open nothing but the files of these; it is gone when the answer is.
 */
final class CellMain {
    /** DuckDB reads statements by recursion. */
    private static final long STACK = 32 << 20;

    private final DataOutputStream out;
    private final String memory;
    private final String spill;
    private final Path folder;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("clock").factory());

    /** Of a DuckDB in which nothing is ever run. */
    private final Connection parser;

    private CellMain(DataOutputStream out, String memory, String spill, Path folder) throws SQLException {
        this.out = out;
        this.memory = memory;
        this.spill = spill;
        this.folder = folder;
        this.parser = open(List.of());
        lock(parser);
    }

    /** @param args memory, room on disk, and the folder for it */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        System.setOut(System.err);
        killMeFirst();
        CellMain cell = new CellMain(out, args[0], args[1], Path.of(args[2]));
        out.writeByte(Wire.READY);
        out.flush();
        BlockingQueue<Object> asked = new ArrayBlockingQueue<>(1);
        new Thread(null, () -> cell.work(asked), "statement", STACK).start();
        int kind;
        // the end of the input is the end of the process that asks: whatever runs here then runs for nobody
        while ((kind = in.read()) >= 0) {
            asked.put(kind == Wire.PARSE ? Wire.text(in) : Task.read(in));
        }
        Runtime.getRuntime().halt(0);
    }

    /** When the machine runs out of memory, Linux ends the process with the highest score. */
    private static void killMeFirst() {
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
        } catch (IOException e) {
            // not on this system
        }
    }

    private void work(BlockingQueue<Object> asked) {
        try {
            while (true) {
                Object next = asked.take();
                try {
                    if (next instanceof Task task) {
                        run(task);
                    } else {
                        parse(String.valueOf(next));
                    }
                } catch (SQLException e) {
                    fail(String.valueOf(e.getMessage()));
                }
                out.flush();
            }
        } catch (OutOfMemoryError e) {
            Runtime.getRuntime().halt(Cell.HEAP_FULL);
        } catch (IOException | InterruptedException e) {
            Runtime.getRuntime().halt(0);
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }

    private void fail(String message) throws IOException {
        out.writeByte(Wire.FAILURE);
        Wire.text(out, message);
    }

    private Connection open(List<String> files) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("memory_limit", memory);
        settings.setProperty("threads", "1");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("allow_community_extensions", "false");
        settings.setProperty("allow_persistent_secrets", "false");
        Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
        // in this order: a new folder has the limit that is the default
        execute(
                connection,
                "SET GLOBAL temp_directory=" + quoted(folder.resolve("spill").toString()));
        execute(connection, "SET GLOBAL max_temp_directory_size=" + quoted(spill));
        if (!files.isEmpty()) {
            execute(
                    connection,
                    "SET GLOBAL allowed_paths="
                            + files.stream().map(CellMain::quoted).collect(Collectors.joining(",", "[", "]")));
        }
        return connection;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static void lock(Connection connection) throws SQLException {
        execute(connection, "SET GLOBAL TimeZone='UTC'");
        execute(connection, "SET GLOBAL enable_external_access=false");
        execute(connection, "SET GLOBAL lock_configuration=true");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void parse(String sql) throws SQLException, IOException {
        try (PreparedStatement statement = parser.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            statement.setString(1, sql);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                String tree = result.getString(1);
                out.writeByte(Wire.TREE);
                Wire.text(out, tree);
            }
        }
    }

    private void run(Task task) throws SQLException, IOException {
        List<String> files =
                task.views().stream().flatMap(view -> view.files().stream()).toList();
        try (Connection connection = open(files)) {
            for (Task.View view : task.views()) {
                create(connection, view);
            }
            lock(connection);
            try (PreparedStatement statement = connection.prepareStatement(task.sql())) {
                AtomicBoolean late = new AtomicBoolean();
                Future<?> end = clock.schedule(
                        () -> {
                            late.set(true);
                            cancel(statement);
                        },
                        task.millis(),
                        TimeUnit.MILLISECONDS);
                try {
                    for (int n = 0; n < task.parameters().size(); n++) {
                        statement.setObject(n + 1, task.parameters().get(n));
                    }
                    try (ResultSet result = statement.executeQuery()) {
                        new CellRows(result, out).write(task.rows(), task.bytes());
                    }
                } catch (SQLException e) {
                    // what is said of a result that was cancelled is not always that
                    throw late.get() ? new SQLException(CellWords.INTERRUPTED, e) : e;
                } finally {
                    end.cancel(false);
                }
            }
        }
    }

    private static void create(Connection connection, Task.View view) throws SQLException {
        byte @Nullable [] deleted = view.deleted();
        if (deleted != null) {
            execute(connection, "CREATE TABLE %s (deleted BIT)".formatted(view.side()));
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO %s VALUES (?::BLOB::BIT)".formatted(view.side()))) {
                insert.setBytes(1, deleted);
                insert.executeUpdate();
            }
        }
        execute(connection, "CREATE SCHEMA IF NOT EXISTS \"%s\"".formatted(view.layer()));
        execute(connection, "CREATE VIEW \"%s\".\"%s\" AS %s".formatted(view.layer(), view.name(), view.select()));
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            // it has ended, or it is ended from outside a moment later
        }
    }
}
