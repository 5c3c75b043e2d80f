package dev.wadi.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.proof.WadiProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the README, of the tutorials and of the pages that tell how to do something, run as a reader runs them, against the
 * packaged app. Every block of a page is run, in order; {@code make run} is done by the test, on ports that are free, and what
 * {@link #ELSEWHERE} names asks for more than there is here.
 */
@Timeout(600)
class DocsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A curl that also tells the status of each answer. */
    private static final String CURL = """
            #!/bin/bash
            PATH="${PATH#*:}" exec curl --silent --show-error --write-out "%{stderr}STATUS %{http_code}\\n" "$@"
            """;

    /** The pages that tell how to do something, in an order in which each finds what it speaks of. */
    private static final List<String> HOW_TOS = List.of(
            "generate-data",
            "post-events",
            "drop-files",
            "edit-routes",
            "explain-a-number",
            "fix-quarantine",
            "poll-postgresql",
            "capture-changes",
            "query-in-postgresql",
            "query-with-sql",
            "maintain-tables",
            "add-a-kpi",
            "add-a-stream",
            "add-a-table");

    /** Parts of commands that ask for another start, an account, a cluster, a program or a version that is not there. */
    private static final List<String> ELSEWHERE = List.of(
            "make run",
            "AccountKey=...",
            "--to blob-csv",
            "amqp-publish",
            "jq ",
            "simulate --rate 20\n",
            "--version 41");

    /** What only takes long. */
    private static final Map<String, String> SMALLER =
            Map.of("--count 100000", "--count 2000", "--rate 50 --count 1000", "--rate 200 --count 200");

    @TempDir
    Path folder;

    /** What a block has done. */
    private record Run(String out, List<Integer> statuses) {}

    @BeforeEach
    void aClone() throws Exception {
        for (String top : List.of("routes", "schemas")) {
            copy(Path.of(top).toAbsolutePath(), folder.resolve(top));
        }
        Files.createDirectories(folder.resolve("shims"));
        program(folder.resolve("shims/curl"), CURL);
        program(
                folder.resolve("wadi"),
                "#!/bin/bash\nexec '%s' \"$@\"\n".formatted(Path.of("wadi").toAbsolutePath()));
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void theReadme() throws Exception {
        try (WadiProcess wadi = wadi()) {
            wadi.start();
            List<Page.Block> blocks = Page.read(Path.of("README.md")).blocks("sh").stream()
                    .filter(block -> block.text().contains("curl"))
                    .toList();
            assertThat(blocks).hasSize(1);
            Run run = run(wadi, blocks.getFirst());
            assertThat(run.statuses()).containsExactly(202, 200);
            until(
                    wadi,
                    "curl 'http://127.0.0.1:8080/api/kpis/revenue?grain=day&by=product_type'",
                    answer -> answer.path("rows").toString().contains("241"));
        }
    }

    @Test
    void theFirstTutorial() throws Exception {
        try (WadiProcess wadi = wadi()) {
            List<Page.Block> blocks =
                    Page.read(Path.of("docs/tutorial/first-kpi.md")).blocks("sh");
            List<Integer> statuses = new ArrayList<>();
            for (Page.Block block : blocks) {
                statuses.addAll(run(wadi, block).statuses());
            }
            assertThat(statuses).describedAs("posted, asked twice, refused").containsExactly(202, 200, 200, 422);
            until(
                    wadi,
                    "curl 'http://127.0.0.1:8080/api/kpis/events?grain=day&by=action'",
                    answer -> answer.path("rows").size() == 3);
        }
    }

    @Test
    void theTutorialOfOnesOwnData() throws Exception {
        try (WadiProcess wadi = wadi()) {
            Page page = Page.read(Path.of("docs/tutorial/own-data.md"));
            List<Integer> statuses = new ArrayList<>();
            for (Page.Block block : page.blocks("sh")) {
                statuses.addAll(run(wadi, block).statuses());
            }
            assertThat(statuses).containsExactly(202, 200);
            JsonNode shown =
                    JSON.readTree(page.blocks("json").getFirst().text()).path("rows");
            String ask = page.blocks("sh").getLast().text();
            until(wadi, ask, answer -> numbers(answer.path("rows")).equals(numbers(shown)));
        }
    }

    @Test
    void thePagesThatTellHowTo() throws Exception {
        // what the pages say one has at hand
        Files.writeString(folder.resolve("events.ndjson"), """
                {"event_id": "e-8", "user_id": "u-8", "action": "login", "event_time": "2026-03-01T12:00:00Z"}
                {"event_id": "e-9", "user_id": "u-9", "action": "login", "event_time": "2026-03-01T12:00:01Z"}
                """);
        Page tutorial = Page.read(Path.of("docs/tutorial/own-data.md"));
        Page table = Page.read(Path.of("docs/how-to/add-a-table.md"));
        Page kpi = Page.read(Path.of("docs/how-to/add-a-kpi.md"));
        int run = 0;
        try (WadiProcess wadi = wadi()) {
            wadi.start();
            Page.Block booking = Page.read(Path.of("README.md")).blocks("sh").stream()
                    .filter(block -> block.text().contains("curl"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(
                    folder.resolve("sample.ndjson"),
                    booking.text().split("-d '")[1].split("'")[0].replace("\n", " "));
            for (String name : HOW_TOS) {
                switch (name) {
                    case "post-events" -> run(wadi, booking);
                    case "add-a-kpi" ->
                        write(
                                "schemas/kpis/big-orders.kpi.yaml",
                                kpi.blocks("yaml").getFirst());
                    case "add-a-table" -> {
                        write(
                                "schemas/tables/gold.agency_days.odcs.yaml",
                                table.blocks("yaml").getFirst());
                        write(
                                "routes/transform/agency_days.sql",
                                table.blocks("sql").getFirst());
                        write(
                                "routes/transform/agency-days.camel.yaml",
                                table.blocks("yaml").getLast());
                    }
                    case "add-a-stream" ->
                        bash(wadi, tutorial.blocks("sh").get(1).text().replace("./wadi", "true"));
                    default -> {}
                }
                for (Page.Block block :
                        Page.read(Path.of("docs/how-to", name + ".md")).blocks("sh")) {
                    String script = here(block.text());
                    if (!script.isBlank()) {
                        assertThat(bash(wadi, script).statuses())
                                .as("%s\n%s", block, script)
                                .allMatch(status -> status < 300);
                        run++;
                    }
                }
            }
            until(
                    wadi,
                    "curl 'http://127.0.0.1:8080/api/tables/gold.agency_days'",
                    answer -> answer.path("rows").asLong() > 0);
            until(
                    wadi,
                    "curl 'http://127.0.0.1:8080/api/kpis/big-orders?from=2020-01-01&to=2030-01-01&grain=year'",
                    answer -> !answer.path("rows").isEmpty());
        }
        assertThat(run).describedAs("blocks that were run").isGreaterThan(20);
    }

    private void write(String name, Page.Block block) throws IOException {
        Files.writeString(folder.resolve(name), block.text());
    }

    /** The commands of a block that can be run here. */
    private static String here(String block) {
        String text = block;
        for (Map.Entry<String, String> each : SMALLER.entrySet()) {
            text = text.replace(each.getKey(), each.getValue());
        }
        if (ELSEWHERE.stream().noneMatch(text::contains)) {
            return text;
        }
        return text.replace("\\\n", " ")
                .lines()
                .filter(line -> ELSEWHERE.stream().noneMatch((line + "\n")::contains))
                .collect(Collectors.joining("\n"));
    }

    /** 10.0 and 10 are the same number. */
    private static List<String> numbers(JsonNode rows) {
        List<String> numbers = new ArrayList<>();
        rows.forEach(row -> numbers.add(row.path("time").asText() + " "
                + row.path("value").decimalValue().stripTrailingZeros().toPlainString()));
        return numbers;
    }

    private WadiProcess wadi() {
        return new WadiProcess(
                folder,
                Map.of(
                        "WADI_ROUTES_DIR", folder.resolve("routes").toString(),
                        "WADI_SCHEMAS_DIR", folder.resolve("schemas").toString(),
                        "WADI_SQL_TOKEN", "for-this-test-only-0123456789"));
    }

    private Run run(WadiProcess wadi, Page.Block block) throws Exception {
        if (block.text().strip().equals("make run")) {
            if (wadi.alive()) {
                wadi.stop();
            }
            wadi.start();
            return new Run("", List.of());
        }
        return bash(wadi, block.text());
    }

    private Run bash(WadiProcess wadi, String script) throws Exception {
        String ours = script.replace("127.0.0.1:8080", "127.0.0.1:" + wadi.httpPort())
                .replace("localhost:8080", "127.0.0.1:" + wadi.httpPort());
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", ours).directory(folder.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", folder.resolve("shims") + ":" + environment.get("PATH"));
        environment.putAll(wadi.settings());
        Path errors = folder.resolve("errors.txt");
        Process process = builder.redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS);
        List<String> said = Files.readAllLines(errors);
        assertThat(ended && process.exitValue() == 0)
                .describedAs("%s\nends well; it said\n%s\n%s", ours, out, String.join("\n", said))
                .isTrue();
        return new Run(
                out,
                said.stream()
                        .filter(line -> line.startsWith("STATUS "))
                        .map(line -> Integer.valueOf(line.substring("STATUS ".length())))
                        .toList());
    }

    /** What is asked a moment after events came in is there a moment later. */
    private void until(WadiProcess wadi, String ask, Predicate<JsonNode> holds) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            last = bash(wadi, ask).out();
            if (holds.test(JSON.readTree(last))) {
                return;
            }
            Thread.sleep(200);
        }
        throw new AssertionError("%s answers %s\n%s".formatted(ask, last, wadi.tail()));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
