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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the README and of the tutorials, run as a reader runs them, against the packaged app. Every block of the page is
 * run, in order; only {@code make run} is done by the test, on ports that are free.
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
                        "WADI_SCHEMAS_DIR", folder.resolve("schemas").toString()));
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
        environment.put("WADI_ROUTES_DIR", folder.resolve("routes").toString());
        environment.put("WADI_SCHEMAS_DIR", folder.resolve("schemas").toString());
        environment.put("WADI_DATA_DIR", folder.resolve("data").toString());
        environment.put("WADI_HTTP_PORT", Integer.toString(wadi.httpPort()));
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
