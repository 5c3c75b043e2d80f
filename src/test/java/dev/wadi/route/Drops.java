package dev.wadi.route;

import dev.wadi.contract.TableName;
import dev.wadi.parts.LakeRows;
import dev.wadi.parts.MovingFolder;
import dev.wadi.table.Lake;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** An application with a shipped route of drops alone, on folders of its own. */
final class Drops implements AutoCloseable {
    static final TableName BOOKINGS = new TableName("bronze", "bookings");
    static final TableName QUARANTINE = new TableName("quarantine", "bronze_bookings");

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Path data;
    private final ApplicationContext application;

    /**
     * @param route its file, such as {@code folder-drops.camel.yaml}
     * @param more settings
     */
    Drops(Path root, String route, Map<String, Object> more) throws IOException {
        Path routes = Files.createDirectories(root.resolve("routes"));
        Path file = routes.resolve(route);
        if (!Files.exists(file)) {
            Files.copy(Path.of("routes", "ingest", route), file);
        }
        data = root.resolve("data");
        Map<String, Object> settings = new HashMap<>(Map.of(
                "wadi.routes-dir", routes.toString(),
                "wadi.schemas-dir", Path.of("schemas").toAbsolutePath().toString(),
                "wadi.lake", root.resolve("lake").toString(),
                "wadi.data-dir", data.toString(),
                "rabbitmq.uri", "amqp://guest:secret@127.0.0.1:1"));
        settings.putAll(more);
        application = ApplicationContext.run(settings);
    }

    Lake lake() {
        return application.getBean(Lake.class);
    }

    Routes routes() {
        return application.getBean(Routes.class);
    }

    /** As {@link LakeRows#of}. */
    List<String> query(TableName table, String sql) {
        return LakeRows.of(application, table, sql);
    }

    long count(TableName table) {
        return query(table, "SELECT count(*) FROM t").stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    /** The files below a folder of the data folder, by their names within, without the time in them. */
    Set<String> files(String folder) throws IOException {
        Path below = data.resolve(folder);
        if (!Files.exists(below)) {
            return Set.of();
        }
        return new TreeSet<>(MovingFolder.files(below).stream()
                .map(file -> unstamped(below.relativize(file).toString()))
                .toList());
    }

    static String unstamped(String name) {
        return name.replaceAll("-20\\d{12,15}", "");
    }

    @Override
    public void close() {
        application.close();
    }
}
