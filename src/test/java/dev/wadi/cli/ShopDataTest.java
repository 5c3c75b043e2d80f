package dev.wadi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.local.Settings;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a shop become tables of a database, and the shop goes on working in them. */
class ShopDataTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void filesBecomeTablesAndTheShopWorksInThem() throws Exception {
        try (PostgresDatabase database = new PostgresDatabase(folder.resolve("postgres"))) {
            String jdbc = database.jdbcUrl();
            Path files = folder.resolve("files");
            assertThat(run("generate", "shop", "--at", files.toString(), "--count", "500"))
                    .isZero();
            String[] load = {
                "load-csv",
                files.resolve("customers.csv").toString(),
                files.resolve("products.csv").toString(),
                files.resolve("orders.csv").toString(),
                "--schema",
                "shop",
                "--jdbc",
                jdbc
            };
            assertThat(run(load)).as("%s", err).isZero();
            assertThat(said())
                    .containsExactly("shop.customers: 100 rows", "shop.products: 600 rows", "shop.orders: 500 rows");
            assertThat(
                            database.rows(
                                    "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'shop' AND table_name = 'orders' ORDER BY ordinal_position"))
                    .containsExactly(
                            "order_id|text",
                            "customer_id|text",
                            "product_id|text",
                            "quantity|bigint",
                            "amount|numeric",
                            "currency|text",
                            "status|text",
                            "ordered_at|timestamp with time zone",
                            "updated_at|timestamp with time zone");
            // again: by the primary keys, that were made too
            assertThat(run(load)).as("%s", err).isZero();
            assertThat(database.rows("SELECT count(*) FROM shop.orders")).containsExactly("500");

            assertThat(run("simulate", "--rate", "0", "--count", "2000", "--jdbc", jdbc))
                    .as("%s", err)
                    .isZero();
            assertThat(said())
                    .anyMatch(line -> line.startsWith("order: "))
                    .anyMatch(line -> line.startsWith("delete: "));
            long added = number("order") - number("delete");
            assertThat(database.rows("SELECT count(*) FROM shop.orders")).containsExactly(Long.toString(500 + added));
        }
    }

    @Test
    void oneFileThatDoesNotLoadLeavesAllOut() throws Exception {
        try (PostgresDatabase database = new PostgresDatabase(folder.resolve("postgres"))) {
            Path good = Files.writeString(folder.resolve("good \"one\".csv"), "id;zip;Price\n1;01234;1.50\n2;;\n");
            Path more = Files.writeString(folder.resolve("more.csv"), "id,n\n1,x\n");
            database.execute("CREATE TABLE more (id bigint PRIMARY KEY, n integer)");
            assertThat(run("load-csv", good.toString(), more.toString(), "--jdbc", database.jdbcUrl()))
                    .isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("more.csv was not loaded, nor was any other:");
            assertThat(database.rows("SELECT to_regclass('\"good \"\"one\"\"\"')"))
                    .containsExactly("~");

            assertThat(run("load-csv", good.toString(), "--jdbc", database.jdbcUrl()))
                    .as("%s", err)
                    .isZero();
            assertThat(database.rows("SELECT id, zip, \"Price\" FROM \"good \"\"one\"\"\" ORDER BY id"))
                    .containsExactly("1|01234|1.50", "2|~|~");
        }
    }

    private long number(String step) {
        return said().stream()
                .filter(line -> line.startsWith(step + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(step.length() + 2)))
                .sum();
    }

    private List<String> said() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        try (ApplicationContext context = ApplicationContext.builder(
                        Map.of("wadi.data-dir", folder.toString()), Environment.TEST)
                .build()) {
            context.getEnvironment().start();
            CommandLine line = CommandLine.parse("1", words);
            assertThat(line).isInstanceOf(CommandLine.Data.class);
            return new DataDesk(
                            new PrintStream(out, true, StandardCharsets.UTF_8),
                            new PrintStream(err, true, StandardCharsets.UTF_8))
                    .run(((CommandLine.Data) line).task(), Settings.read(context.getEnvironment()));
        }
    }
}
