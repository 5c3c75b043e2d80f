package dev.wadi.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What {@code make lint} does not see: GitHub's parser takes any action at any version, with any right. */
class WorkflowsTest {
    private static final Pattern PINNED =
            Pattern.compile("[a-z-]+/[a-z-]+(/[a-z-]+)?@[0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+");
    private static final Pattern USES = Pattern.compile("uses: (\\S+.*)");
    private static final Pattern MAKE = Pattern.compile("run: make ([a-z-]+)");
    /** An expression inside a script is text of a stranger that becomes a command: it belongs into {@code env}. */
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{");

    static Stream<Path> workflows() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(".github", "workflows"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void actionsArePinnedByCommitAndSayTheirVersion(Path file) throws Exception {
        assertThat(matches(USES, Files.readString(file)))
                .extracting(used -> used.group(1))
                .allSatisfy(used -> {
                    if (!used.startsWith("./")) {
                        assertThat(used).matches(PINNED);
                    }
                });
    }

    @Test
    void oneActionHasOneVersionEverywhere() throws Exception {
        Map<String, String> versions = new TreeMap<>();
        for (Path file : workflows().toList()) {
            for (MatchResult used : matches(USES, Files.readString(file))) {
                String[] parts = used.group(1).split("@", 2);
                if (parts.length == 2) {
                    String first = versions.putIfAbsent(parts[0], parts[1]);
                    assertThat(first == null ? parts[1] : first)
                            .describedAs("%s in %s", parts[0], file)
                            .isEqualTo(parts[1]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void nothingIsAllowedThatNoJobAsksFor(Path file) throws Exception {
        JsonNode workflow = read(file);
        assertThat(workflow.path("permissions"))
                .describedAs("rights of all jobs")
                .isEmpty();
        assertThat(workflow.path("permissions").isObject()).isTrue();
        for (Map.Entry<String, JsonNode> job : workflow.path("jobs").properties()) {
            assertThat(job.getValue().path("permissions").isObject())
                    .describedAs("%s names its rights", job.getKey())
                    .isTrue();
            assertThat(job.getValue().has("timeout-minutes") || job.getValue().has("uses"))
                    .describedAs("%s has an end", job.getKey())
                    .isTrue();
            for (JsonNode step : job.getValue().path("steps")) {
                assertThat(step.path("run").asText()).doesNotContainPattern(EXPRESSION);
                if (step.path("uses").asText().startsWith("actions/checkout@")) {
                    assertThat(step.path("with").path("persist-credentials").toString())
                            .isEqualTo("false");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void whatIsMadeCanBeMade(Path file) throws Exception {
        String makefile = Files.readString(Path.of("Makefile"));
        for (MatchResult made : matches(MAKE, Files.readString(file))) {
            assertThat(makefile).containsPattern("(?m)^%s:.*## ".formatted(Pattern.quote(made.group(1))));
        }
    }

    @Test
    void everyFolderThatIsWatchedForNewVersionsIsThere() throws Exception {
        List<String> folders = new ArrayList<>();
        for (JsonNode watched : read(Path.of(".github", "dependabot.yml")).path("updates")) {
            if (watched.has("directory")) {
                folders.add(watched.path("directory").asText());
            }
            watched.path("directories").forEach(folder -> folders.add(folder.asText()));
        }
        assertThat(folders)
                .isNotEmpty()
                .allSatisfy(folder -> assertThat(Path.of("." + folder)).isDirectory());
    }

    private static List<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    private static JsonNode read(Path file) throws IOException {
        Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        return new ObjectMapper().valueToTree(yaml);
    }
}
