package dev.wadi.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final Pattern PINNED = Pattern.compile("[a-z-]+/[a-z-]+(/[a-z-]+)?@[0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+");
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
        Map<?, ?> workflow = read(file);
        assertThat((Map<?, ?>) workflow.get("permissions"))
                .describedAs("rights of all jobs")
                .isEmpty();
        for (Map.Entry<?, ?> each : ((Map<?, ?>) workflow.get("jobs")).entrySet()) {
            Map<?, ?> job = (Map<?, ?>) each.getValue();
            assertThat(job.get("permissions"))
                    .describedAs("rights of %s", each.getKey())
                    .isInstanceOf(Map.class);
            if (job.get("uses") == null) {
                assertThat(job.get("timeout-minutes"))
                        .describedAs("the end of %s", each.getKey())
                        .isNotNull();
            }
            for (Map<?, ?> step : steps(job)) {
                if (step.get("run") instanceof String script) {
                    assertThat(script).doesNotContainPattern(EXPRESSION);
                }
                if (String.valueOf(step.get("uses")).startsWith("actions/checkout@")) {
                    assertThat((Map<Object, Object>) cast(step.get("with")))
                            .containsEntry("persist-credentials", false);
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
        for (Object update : (List<?>) read(Path.of(".github", "dependabot.yml")).get("updates")) {
            Map<?, ?> watched = (Map<?, ?>) update;
            if (watched.get("directory") instanceof String folder) {
                folders.add(folder);
            }
            if (watched.get("directories") instanceof List<?> several) {
                several.forEach(folder -> folders.add(String.valueOf(folder)));
            }
        }
        assertThat(folders).isNotEmpty().allSatisfy(folder -> assertThat(Path.of("." + folder))
                .isDirectory());
    }

    private static List<Map<?, ?>> steps(Map<?, ?> job) {
        List<Map<?, ?>> steps = new ArrayList<>();
        if (job.get("steps") instanceof List<?> all) {
            all.forEach(step -> steps.add((Map<?, ?>) step));
        }
        return steps;
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> cast(Object value) {
        return (Map<Object, Object>) value;
    }

    private static List<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    private static Map<?, ?> read(Path file) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
