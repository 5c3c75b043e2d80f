package dev.wadi.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.api.SmallServer;
import dev.wadi.cli.CommandLine;
import dev.wadi.local.Setting;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.env.Environment;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.naming.NameUtils;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of the reference, against the code. Two pages are made from it, and {@code -Dwadi.docs=write} writes them anew:
 * the command line from its own help, the REST reference from the OpenAPI document.
 */
class ReferenceTest {
    private static final Path REFERENCE = Path.of("docs", "reference");
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| `([a-z.-]+)` \\| (?:`([^`]*)`|unset) \\|");
    private static final Pattern METRIC_ROW = Pattern.compile("(?m)^\\| `(wadi\\.[a-z.]+)` \\|");
    private static final Pattern METRIC =
            Pattern.compile("(?:counter|timer|summary|gauge|builder)\\(\\s*\"(wadi\\.[a-z.]+)\"");

    /** Read where they are used, by a property of a route or a bean. */
    private static final Map<String, String> ALONE =
            Map.of("wadi.index-memory", "512MB", "wadi.kafka.shop", "false", "wadi.postgres.export", "true");

    @Test
    void everySettingIsListedWithItsDefaultAndNothingElseIs() throws Exception {
        Map<String, String> listed = new TreeMap<>();
        for (MatchResult row : matches(ROW, Files.readString(REFERENCE.resolve("configuration.md")))) {
            String key = row.group(2);
            assertThat(row.group(1))
                    .isEqualTo(key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT));
            listed.put(key, row.group(3) == null ? "unset" : row.group(3));
        }
        assertThat(listed).isEqualTo(settings());
    }

    /** Of the enum, of the records that Micronaut fills, and the few that stand alone. */
    private static Map<String, String> settings() throws Exception {
        Map<String, String> settings = new TreeMap<>(ALONE);
        try (Environment environment = ApplicationContext.builder()
                .deduceEnvironment(false)
                .environmentPropertySource(false)
                .build()
                .getEnvironment()
                .start()) {
            for (Setting setting : Setting.values()) {
                settings.put(
                        setting.key(),
                        environment.getProperty(setting.key(), String.class).orElse("unset"));
            }
        }
        for (Path source : sources()) {
            if (Files.readString(source).contains("\n@ConfigurationProperties(\"")) {
                String name = SOURCES.relativize(source)
                        .toString()
                        .replace(".java", "")
                        .replace('/', '.');
                Class<?> type = Class.forName(name);
                String prefix =
                        type.getAnnotation(ConfigurationProperties.class).value();
                for (RecordComponent component : type.getRecordComponents()) {
                    String key = prefix + "." + NameUtils.hyphenate(component.getName());
                    if (!settings.containsKey(key)) {
                        settings.put(key, bindable(type, component).defaultValue());
                    }
                }
            }
        }
        return settings;
    }

    private static Bindable bindable(Class<?> type, RecordComponent component) throws ReflectiveOperationException {
        for (var parameter : type.getDeclaredConstructors()[0].getParameters()) {
            if (parameter.getName().equals(component.getName()) && parameter.isAnnotationPresent(Bindable.class)) {
                return parameter.getAnnotation(Bindable.class);
            }
        }
        throw new AssertionError("%s.%s has no default".formatted(type.getSimpleName(), component.getName()));
    }

    @Test
    void everyMetricIsListedAndNothingElseIs() throws Exception {
        Set<String> made = new TreeSet<>();
        for (Path source : sources()) {
            matches(METRIC, Files.readString(source)).forEach(metric -> made.add(metric.group(1)));
        }
        Set<String> listed = new TreeSet<>();
        matches(METRIC_ROW, Files.readString(REFERENCE.resolve("metrics.md"))).forEach(row -> listed.add(row.group(1)));
        assertThat(made).hasSizeGreaterThan(10);
        assertThat(listed).isEqualTo(made);
    }

    @Test
    void thePageOfTheCommandLineIsItsHelp() throws Exception {
        CommandLine.Print help = (CommandLine.Print) CommandLine.parse("", "--help");
        made("command-line.md", """
                # Command line

                What `./wadi --help` says:

                ```
                %s
                ```

                Exit codes: 0 when it is done and right, 1 when there are mistakes or it did not work, 2 when it could not begin.
                Settings: [configuration](configuration.md).
                """.formatted(help.text().strip()));
    }

    @Test
    void thePageOfTheRestApiIsTheOpenApiDocument() throws Exception {
        try (SmallServer server = new SmallServer()) {
            JsonNode document =
                    new ObjectMapper().readTree(server.get("/openapi").body());
            StringBuilder text = new StringBuilder("""
                    # REST reference

                    Every address, as the OpenAPI document has it: `GET /openapi` of a running Wadi is the whole of it, with an address for each KPI and
                    stream that you have; `/docs` shows it. Here `revenue` stands for any KPI and `clickstream` for any stream.
                    [The API](../api-documentation.md) explains them.
                    """);
            for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
                if (path.getKey().matches("/api/kpis/(?!revenue$|query$).*")
                        && !path.getKey().contains("{")) {
                    continue;
                }
                for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                    if (operation.getValue().has("responses")) {
                        describe(document, path.getKey(), operation, text);
                    }
                }
            }
            made("rest.md", text.toString());
        }
    }

    private static void describe(
            JsonNode document, String path, Map.Entry<String, JsonNode> operation, StringBuilder text) {
        JsonNode described = operation.getValue();
        text.append("\n## %s %s\n\n%s.\n"
                .formatted(
                        operation.getKey().toUpperCase(Locale.ROOT),
                        path,
                        described.path("summary").asText()));
        List<String> parameters = new ArrayList<>();
        for (JsonNode each : described.path("parameters")) {
            JsonNode parameter = followed(document, each);
            parameters.add("| `%s` | %s | %s |"
                    .formatted(
                            parameter.path("name").asText(),
                            parameter.path("in").asText(),
                            cell(parameter.path("description").asText())));
        }
        if (!parameters.isEmpty()) {
            text.append("\n| parameter | in | is |\n|---|---|---|\n")
                    .append(String.join("\n", parameters))
                    .append('\n');
        }
        text.append("\n| status | when |\n|---|---|\n");
        for (Map.Entry<String, JsonNode> response : described.path("responses").properties()) {
            text.append("| %s | %s |\n"
                    .formatted(
                            response.getKey(),
                            cell(followed(document, response.getValue())
                                    .path("description")
                                    .asText())));
        }
    }

    private static JsonNode followed(JsonNode document, JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static String cell(String text) {
        return text.strip()
                .replaceAll("\\s+", " ")
                .replace("|", "\\|")
                .replace("<", "&lt;")
                .replace("{{", "{ {");
    }

    /** A page that is made and kept beside the others, so that it can be read where the code is read. */
    private static void made(String name, String text) throws IOException {
        Path file = REFERENCE.resolve(name);
        if (System.getProperty("wadi.docs", "").equals("write")) {
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file))
                .describedAs("%s is made: run `mvn -Dquick test -Dtest=ReferenceTest -Dwadi.docs=write`", file)
                .isEqualTo(text);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static List<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }
}
