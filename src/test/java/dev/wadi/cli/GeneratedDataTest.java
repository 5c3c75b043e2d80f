package dev.wadi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wadi.contract.Contracts;
import dev.wadi.contract.TableName;
import dev.wadi.local.Settings;
import dev.wadi.merge.MergeInProcess;
import dev.wadi.parts.Await;
import dev.wadi.parts.PostgresDatabase;
import dev.wadi.parts.RabbitMqServer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events with every fault go in by a broker or a database, and the lake is what the truth says; a lake that is not is told. */
class GeneratedDataTest {
    private static final String[] FAULTS = {
        "--duplicates",
        "2%",
        "--out-of-order",
        "5%",
        "--late",
        "0.02",
        "--ties",
        "1%",
        "--nulls",
        "5%",
        "--drift",
        "1%",
        "--malformed",
        "2%"
    };

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final long seed = Long.getLong("wadi.seed", System.nanoTime());

    @ParameterizedTest
    @ValueSource(strings = {"bookings", "clickstream"})
    void what_a_broker_brought_with_every_fault_is_what_the_truth_says(String stream) throws Exception {
        System.out.println("GeneratedDataTest: -Dwadi.seed=" + seed);
        try (RabbitMqServer broker = RabbitMqServer.start();
                ApplicationContext wadi = run(
                        Map.of("rabbitmq.uri", broker.uri()),
                        "ingest/%s.camel.yaml".formatted(stream),
                        "transform/silver-%s.camel.yaml".formatted(stream),
                        "transform/silver_%s.sql".formatted(stream))) {
            Settings settings = settings(wadi);
            assertThat(data(settings, generate(stream, "rabbitmq", 30_000, FAULTS)))
                    .as("%s", err)
                    .isZero();
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("30000 events of " + stream, "malformed");
            assertThat(data(settings, "verify", "--truth", truth(), "--within", "240s"))
                    .as("seed %d: %s %s", seed, out, err)
                    .isZero();
        }
        tamper(stream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bookings", "clickstream"})
    void what_was_polled_from_a_database_is_what_the_truth_says(String stream) throws Exception {
        System.out.println("GeneratedDataTest: -Dwadi.seed=" + seed);
        try (PostgresDatabase database = new PostgresDatabase(folder.resolve("postgres"))) {
            database.execute(Files.readString(Path.of("src/main/resources/dev/wadi/local/postgres.sql")));
            try (ApplicationContext wadi = run(
                    Map.of("jdbc.url", database.jdbcUrl(), "rabbitmq.uri", "amqp://guest:guest@127.0.0.1:1"),
                    "ingest/poll-%s.camel.yaml".formatted(stream),
                    "transform/silver-%s.camel.yaml".formatted(stream),
                    "transform/silver_%s.sql".formatted(stream))) {
                assertThat(data(settings(wadi), generate(stream, "postgres", 20_000, "--nulls", "5%")))
                        .as("%s", err)
                        .isZero();
                assertThat(data(settings(wadi), "verify", "--truth", truth(), "--within", "240s"))
                        .as("seed %d: %s %s", seed, out, err)
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bookings,http",
        "clickstream,kafka",
        "bookings,folder-csv",
        "clickstream,folder-parquet",
        "clickstream,blob-csv",
        "bookings,blob-parquet"
    })
    void what_another_door_brought_with_every_fault_is_what_the_truth_says(String stream, String to) throws Exception {
        System.out.println("GeneratedDataTest: -Dwadi.seed=" + seed);
        try (Doors doors = new Doors(to);
                ApplicationContext wadi = run(doors.properties(), doors.routes(stream))) {
            doors.open(wadi);
            List<String> words = new ArrayList<>(List.of(generate(stream, to, 15_000, FAULTS)));
            words.addAll(List.of("--file-rows", "4000"));
            assertThat(data(settings(wadi), words.toArray(String[]::new)))
                    .as("%s", err)
                    .isZero();
            assertThat(data(settings(wadi), "verify", "--truth", truth(), "--within", "300s"))
                    .as("seed %d: %s %s", seed, out, err)
                    .isZero();
        }
    }

    @Test
    void theSameStoryByEveryDoorIsOneRowEachAndAnotherStoryIsTold() throws Exception {
        System.out.println("GeneratedDataTest: -Dwadi.seed=" + seed);
        String[] faults = {"--duplicates", "2%", "--out-of-order", "5%", "--late", "1%"};
        try (Doors doors = new Doors("rabbitmq", "http", "folder-csv", "blob-csv");
                ApplicationContext wadi = run(doors.properties(), doors.routes("bookings"))) {
            doors.open(wadi);
            Settings settings = settings(wadi);
            for (String to : List.of("rabbitmq", "http", "folder-csv", "folder-parquet", "blob-csv", "blob-parquet")) {
                assertThat(data(settings, generate("bookings", to, 5_000, faults)))
                        .as("%s", err)
                        .isZero();
            }
            String[] verify = {"verify", "--truth", truth(), "--within", "300s"};
            assertThat(data(settings, verify))
                    .as("seed %d: %s %s", seed, out, err)
                    .isZero();
            Await.until("all files are processed", () -> files(folder.resolve("drops")) == 0);
            assertThat(data(settings, verify))
                    .as("seed %d: %s %s", seed, out, err)
                    .isZero();

            // another story of the same stream
            Path first = Files.move(Path.of(truth()), folder.resolve("first.ndjson"));
            String[] other = generate("bookings", "rabbitmq", 1_000);
            other[List.of(other).indexOf("--seed") + 1] = Long.toString(seed + 1);
            assertThat(data(settings, other)).as("%s", err).isZero();
            assertThat(data(settings, "verify", "--truth", truth(), "--among-others", "--within", "300s"))
                    .as("seed %d: %s %s", seed, out, err)
                    .isZero();
            assertThat(data(settings, "verify", "--truth", first.toString())).isEqualTo(1);
            assertThat(said()).anyMatch(line -> line.endsWith(": is not to be there"));
            assertThat(data(settings, "verify", "--truth", first.toString(), "--among-others"))
                    .as("%s", out)
                    .isZero();
        }
        // what is missing is told all the same
        try (ApplicationContext wadi = configured()) {
            TableName silver = TableName.parse("silver.bookings");
            assertThat(new TableDesk(stream(out), stream(err))
                            .run(
                                    new TableTask.Restore(
                                            silver, java.util.OptionalLong.of(1), java.util.Optional.empty(), false),
                                    wadi.getEnvironment()))
                    .as("%s", err)
                    .isZero();
            assertThat(data(settings(wadi), "verify", "--truth", truth(), "--among-others"))
                    .isEqualTo(1);
            assertThat(said()).anyMatch(line -> line.endsWith(": is missing"));
        }
    }

    private static long files(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void theSameSeedWritesTheSameFileWithTheSameTruth() throws Exception {
        Settings settings;
        try (ApplicationContext wadi = configured()) {
            settings = settings(wadi);
        }
        List<String> texts = new ArrayList<>();
        List<String> truths = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            List<String> words = new ArrayList<>(List.of(generate("bookings", "file", 5_000, FAULTS)));
            words.addAll(List.of("--at", folder.resolve(name).toString(), "--start", "2026-03-01T00:00:00Z"));
            assertThat(data(settings, words.toArray(String[]::new)))
                    .as("%s", err)
                    .isZero();
            texts.add(Files.readString(folder.resolve(name)));
            truths.add(Files.readString(Path.of(truth())));
        }
        assertThat(texts.getFirst()).isEqualTo(texts.getLast());
        assertThat(truths.getFirst()).isEqualTo(truths.getLast());
        assertThat(texts.getFirst().lines()).hasSize(5_000);
    }

    @Test
    void whatMakesNoSenseIsRefusedWithTheCure() {
        assertThat(refusal("generate", "boats"))
                .contains("'boats' cannot be generated: write bookings, clickstream or shop");
        assertThat(refusal("generate", "bookings", "--to", "fax"))
                .contains("--to fax: write one of file, http, rabbitmq");
        assertThat(refusal("generate", "bookings", "--ties", "2"))
                .contains("--ties 2: write a share such as 1% or 0.01");
        assertThat(refusal("generate", "bookings", "--to", "postgres", "--ties", "1%"))
                .contains("only --nulls makes sense");
        assertThat(refusal("verify")).contains("name the file that generate wrote: --truth FILE");
    }

    private static String refusal(String... words) {
        return ((CommandLine.Refuse) CommandLine.parse("1", words)).text();
    }

    /** A row that was changed, one that is not to be there, and rows that are missing. */
    private void tamper(String stream) throws IOException {
        TableName table = TableName.parse("silver." + stream);
        boolean bookings = stream.equals("bookings");
        String key = bookings ? "booking_id" : "event_id";
        Contracts contracts = Contracts.load(Path.of("schemas", "tables"));
        try (MergeInProcess lake = new MergeInProcess(folder, contracts, "256MB", 1, "64MB")) {
            lake.merge(
                    table,
                    "SELECT * REPLACE ('not-sold' AS %s) FROM silver.%s ORDER BY %s LIMIT 1"
                            .formatted(key, stream, key));
        }
        try (ApplicationContext wadi = configured()) {
            Settings settings = settings(wadi);
            assertThat(data(settings, "verify", "--truth", truth())).isEqualTo(1);
            assertThat(said())
                    .containsExactly("silver.%s not-sold: is not to be there".formatted(stream), "1 differences");
            if (bookings) {
                try (MergeInProcess lake = new MergeInProcess(folder, contracts, "256MB", 1, "64MB")) {
                    lake.merge(
                            table,
                            "SELECT * REPLACE (quantity + 1 AS quantity, updated_at + INTERVAL 1 HOUR AS updated_at)"
                                    + " FROM silver.bookings WHERE booking_id <> 'not-sold' ORDER BY booking_id LIMIT 1");
                }
                assertThat(data(settings, "verify", "--truth", truth())).isEqualTo(1);
                assertThat(said())
                        .anyMatch(
                                line -> line.matches(
                                        "silver.bookings B-\\S+: quantity is \\d+, and is to be \\d+; updated_at is .*, and is to be .*"));
            }
            assertThat(new TableDesk(stream(out), stream(err))
                            .run(
                                    new TableTask.Restore(
                                            table, java.util.OptionalLong.of(0), java.util.Optional.empty(), false),
                                    wadi.getEnvironment()))
                    .as("%s", err)
                    .isZero();
            assertThat(data(settings, "verify", "--truth", truth())).isEqualTo(1);
            assertThat(said()).anyMatch(line -> line.endsWith(": is missing"));
        }
    }

    private String[] generate(String stream, String to, int count, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "generate",
                stream,
                "--to",
                to,
                "--count",
                Integer.toString(count),
                "--seed",
                Long.toString(seed),
                "--truth",
                truth()));
        words.addAll(Arrays.asList(more));
        return words.toArray(String[]::new);
    }

    private String truth() {
        return folder.resolve("truth.ndjson").toString();
    }

    private List<String> said() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private int data(Settings settings, String... words) {
        out.reset();
        err.reset();
        CommandLine line = CommandLine.parse("1", words);
        assertThat(line).as(Arrays.toString(words)).isInstanceOf(CommandLine.Data.class);
        return new DataDesk(stream(out), stream(err)).run(((CommandLine.Data) line).task(), settings);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static Settings settings(ApplicationContext context) {
        return Settings.read(context.getEnvironment());
    }

    private Map<String, Object> properties(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "wadi.routes-dir",
                folder.resolve("routes").toString(),
                "wadi.schemas-dir",
                "schemas",
                "wadi.lake",
                folder.resolve("lake").toString(),
                "wadi.data-dir",
                folder.toString(),
                "wadi.duckdb-memory",
                "512MB"));
        properties.putAll(more);
        return properties;
    }

    /** The configuration alone. */
    private ApplicationContext configured() {
        ApplicationContext context = ApplicationContext.builder(properties(Map.of()), Environment.TEST)
                .build();
        context.getEnvironment().start();
        return context;
    }

    /** The application with these routes, and neither HTTP nor a local environment. */
    private ApplicationContext run(Map<String, Object> more, String... routes) throws IOException {
        for (String route : routes) {
            Path to = folder.resolve("routes").resolve(route);
            Files.createDirectories(to.getParent());
            Files.copy(Path.of("routes", route), to);
        }
        return ApplicationContext.run(properties(more));
    }
}
