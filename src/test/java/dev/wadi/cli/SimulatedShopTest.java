package dev.wadi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.TableName;
import dev.wadi.local.Settings;
import dev.wadi.parts.LakeRows;
import dev.wadi.parts.PostgresDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shop works in a real PostgreSQL, and silver follows it by change data capture: loaded, worked in, across a restart. */
class SimulatedShopTest {
    private static final Map<String, String> COLUMNS = Map.of(
            "customers", "customer_id, name, email, country, segment, notes, %s",
            "products", "product_id, name, type, destination, price, currency, description, %s",
            "orders", "order_id, customer_id, product_id, quantity, amount, currency, status, comment, %s");
    private static final String STAMP_HERE = "to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')";
    private static final String STAMP_THERE = "strftime(updated_at AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%f')";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final long seed = Long.getLong("wadi.seed", System.nanoTime());

    @Test
    void silverEndsAsTheShopDoes() throws Exception {
        System.out.println("SimulatedShopTest: -Dwadi.seed=" + seed);
        routes();
        try (PostgresDatabase database = new PostgresDatabase(folder.resolve("postgres"))) {
            database.makeSourceTables();
            Map<String, Object> properties = properties(database.jdbcUrl());
            Path files = folder.resolve("files");
            data(properties, "generate", "shop", "--at", files.toString(), "--count", "2000");
            try (ApplicationContext wadi = ApplicationContext.run(properties)) {
                data(
                        properties,
                        "load-csv",
                        files.resolve("customers.csv").toString(),
                        files.resolve("products.csv").toString(),
                        files.resolve("orders.csv").toString(),
                        "--schema",
                        "shop");
                simulate(properties, seed);
                same(wadi, database, "loaded and worked in");
                // it is stopped while changes are under way
                simulate(properties, seed + 1);
            }
            // nobody listens meanwhile
            simulate(properties, seed + 2);
            try (ApplicationContext wadi = ApplicationContext.run(properties)) {
                simulate(properties, seed + 3);
                same(wadi, database, "after a restart");
                assertThat(database.rows("SELECT count(*) > 2000 FROM shop.orders"))
                        .containsExactly("t");
                assertThat(LakeRows.of(wadi, TableName.parse("bronze.shop"), "SELECT DISTINCT payload->>'op' FROM t"))
                        .contains("c", "u", "d");
            }
        }
    }

    private void simulate(Map<String, Object> properties, long withSeed) {
        data(properties, "simulate", "--rate", "0", "--count", "1500", "--seed", Long.toString(withSeed));
    }

    private void same(ApplicationContext wadi, PostgresDatabase database, String what) throws Exception {
        for (Map.Entry<String, String> each : COLUMNS.entrySet()) {
            String table = each.getKey();
            List<String> source =
                    database
                            .rows("SELECT %s FROM shop.%s"
                                    .formatted(each.getValue().formatted(STAMP_HERE), table))
                            .stream()
                            .sorted()
                            .toList();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(240);
            while (System.nanoTime() < deadline
                    && !silver(wadi, table, each.getValue()).equals(source)) {
                Thread.sleep(500);
            }
            assertThat(silver(wadi, table, each.getValue()))
                    .as("silver.%s, %s, seed %d", table, what, seed)
                    .isEqualTo(source);
        }
    }

    private static List<String> silver(ApplicationContext wadi, String table, String columns) {
        return LakeRows.of(
                        wadi,
                        TableName.parse("silver." + table),
                        "SELECT %s FROM t".formatted(columns.formatted(STAMP_THERE)))
                .stream()
                .sorted()
                .toList();
    }

    private void routes() throws Exception {
        Path routes = Files.createDirectories(folder.resolve("routes"));
        Files.copy(Path.of("routes/ingest/capture-shop.camel.yaml"), routes.resolve("capture-shop.camel.yaml"));
        for (String table : COLUMNS.keySet()) {
            for (String file : List.of("silver-%s.camel.yaml", "silver_%s.sql")) {
                Path from = Path.of("routes/transform", file.formatted(table));
                Files.copy(from, routes.resolve(from.getFileName()));
            }
        }
    }

    private Map<String, Object> properties(String jdbcUrl) {
        return Map.of(
                "wadi.routes-dir",
                folder.resolve("routes").toString(),
                "wadi.schemas-dir",
                "schemas",
                "wadi.lake",
                folder.resolve("lake").toString(),
                "wadi.data-dir",
                folder.resolve("data").toString(),
                "wadi.duckdb-memory",
                "256MB",
                "jdbc.url",
                jdbcUrl,
                "rabbitmq.uri",
                "amqp://guest:guest@127.0.0.1:1");
    }

    /** Does a command, as the script would, with these settings. */
    private void data(Map<String, Object> properties, String... words) {
        try (ApplicationContext configured =
                ApplicationContext.builder(properties, Environment.TEST).build()) {
            configured.getEnvironment().start();
            PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
            CommandLine line = CommandLine.parse("1", words);
            assertThat(new DataDesk(out, out)
                            .run(((CommandLine.Data) line).task(), Settings.read(configured.getEnvironment())))
                    .as("%s: %s", String.join(" ", words), said)
                    .isZero();
        }
    }
}
