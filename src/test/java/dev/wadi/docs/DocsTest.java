package dev.wadi.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wadi.contract.Contracts;
import dev.wadi.engine.DuckDb;
import dev.wadi.kpi.KpiTrial;
import dev.wadi.kpi.Kpis;
import dev.wadi.local.Setting;
import dev.wadi.route.RouteCheck;
import dev.wadi.yaml.Mistakes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be wrong with a page without running anything: its links, and its snippets. */
class DocsTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** {@code `schemas/tables/x.odcs.yaml`:} before a block says where its text belongs. */
    private static final Pattern NAMED = Pattern.compile("`((?:routes|schemas)/[\\w./-]+\\.(?:yaml|sql))`[^`]*:$");

    @TempDir
    Path folder;

    static Stream<Page> pages() throws IOException {
        return Page.all().stream();
    }

    static Stream<Page.Block> blocks() throws IOException {
        return pages().flatMap(page -> page.blocks().stream());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Page page) throws Exception {
        List<String> broken = new ArrayList<>();
        for (Page.Link link : page.links()) {
            if (link.target().matches("[a-z]+:.*")) {
                continue;
            }
            String[] parts = link.target().split("#", 2);
            Path target = parts[0].isEmpty()
                    ? page.file()
                    : page.file().resolveSibling(parts[0]).normalize();
            boolean known = Files.exists(target)
                    && (parts.length == 1 || Page.read(target).anchors().contains(parts[1]));
            if (!known) {
                broken.add("%s:%d: %s".formatted(page.file(), link.line(), link.target()));
            }
        }
        assertThat(broken).isEmpty();
    }

    /** Every page of docs/ can be found from the README, a page that it links to, and so on. */
    @Test
    void noPageIsForgotten() throws Exception {
        Map<Path, Page> known = new TreeMap<>();
        pages().forEach(page -> known.put(page.file().toAbsolutePath().normalize(), page));
        List<Path> reached = new ArrayList<>(List.of(Path.of("README.md").toAbsolutePath()));
        for (int i = 0; i < reached.size(); i++) {
            Path from = reached.get(i);
            Page page = known.get(from);
            if (page != null) {
                for (Page.Link link : page.links()) {
                    Path target = from.resolveSibling(link.target().replaceFirst("#.*", ""))
                            .normalize();
                    if (known.containsKey(target) && !reached.contains(target)) {
                        reached.add(target);
                    }
                }
            }
        }
        assertThat(known.keySet()).isSubsetOf(reached);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void everySnippetIsWhatItsFenceSays(Page.Block block) throws Exception {
        switch (block.language()) {
            case "json" -> assertThat(JSON.readTree(block.text())).isNotNull();
            case "yaml" ->
                assertThat((Object) new Yaml(new SafeConstructor(new LoaderOptions())).load(block.text()))
                        .isNotNull();
            case "sql" -> assertThat(parses(block.text())).isEmpty();
            case "sh" -> assertThat(shell(block.text())).isEmpty();
            case "", "java", "python", "properties", "mermaid" -> {
                // nobody here reads them
            }
            default -> throw new AssertionError("a fence of an unknown kind: " + block.language());
        }
    }

    /** Contracts, KPIs, routes and queries of a page that say where they belong, put there, beside all that is shipped. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void whatAPageHasPeopleWritePassesTheChecksOfTheApp(Page page) throws Exception {
        Map<Path, String> files = named(page);
        if (files.isEmpty()) {
            return;
        }
        for (String top : List.of("routes", "schemas")) {
            copy(Path.of(top), folder.resolve(top));
        }
        for (Map.Entry<Path, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        Mistakes mistakes = new Mistakes();
        Contracts contracts = Contracts.load(folder.resolve("schemas/tables"), mistakes);
        Kpis kpis = Kpis.load(folder.resolve("schemas/kpis"), contracts, mistakes);
        try (DuckDb duckDb = new DuckDb("256MB", 1, folder.resolve("spill"));
                KpiTrial trial = new KpiTrial(contracts)) {
            trial.run(kpis, mistakes);
            RouteCheck.run(
                    folder.resolve("routes"),
                    contracts,
                    duckDb,
                    Map.of(
                            Setting.RABBITMQ_URI.key(), "amqp://guest:guest@127.0.0.1:1",
                            Setting.JDBC_URL.key(), "jdbc:postgresql://127.0.0.1:1/postgres?user=postgres"),
                    mistakes);
        }
        assertThat(mistakes.lines()).isEmpty();
    }

    @Test
    void thereArePagesWithSuchFiles() throws Exception {
        assertThat(pages().flatMap(page -> named(page).keySet().stream()))
                .contains(
                        Path.of("schemas/kpis/big-orders.kpi.yaml"),
                        Path.of("schemas/tables/gold.agency_days.odcs.yaml"),
                        Path.of("routes/transform/agency_days.sql"));
    }

    /** By the path that the last line of prose before a block names. */
    private static Map<Path, String> named(Page page) {
        Map<Path, String> files = new TreeMap<>();
        for (Page.Block block : page.blocks()) {
            int before = block.line() - 2;
            while (before >= 0 && page.lines().get(before).isBlank()) {
                before--;
            }
            Matcher name = NAMED.matcher(before < 0 ? "" : page.lines().get(before));
            if (name.find()) {
                files.put(Path.of(name.group(1)), block.text());
            }
        }
        return files;
    }

    /** Empty when DuckDB reads it as SQL; a condition alone is read as one. */
    private static String parses(String sql) throws Exception {
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                PreparedStatement parse = duckDb.prepareStatement("SELECT json_serialize_sql(?)")) {
            String first = "";
            for (String text : List.of(sql, "SELECT * FROM t WHERE " + sql)) {
                parse.setString(1, text);
                try (ResultSet tree = parse.executeQuery()) {
                    tree.next();
                    if (JSON.readTree(tree.getString(1))
                            .path("error")
                            .toString()
                            .equals("false")) {
                        return "";
                    }
                    first = first.isEmpty() ? tree.getString(1) : first;
                }
            }
            return first;
        }
    }

    /** What bash has against it; nothing is run. */
    private static String shell(String script) throws Exception {
        Process bash =
                new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
        try (var in = bash.outputWriter()) {
            in.write(script);
        }
        String said = new String(bash.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return bash.waitFor() == 0 ? "" : said;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
