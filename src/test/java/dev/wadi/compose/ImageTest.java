package dev.wadi.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The {@code Dockerfile}, read line by line: what a build of the image would take, and what the image would be. */
class ImageTest {
    private static final Path DOCKERFILE = Path.of("Dockerfile");

    /** Lines without comments, those that go on put together. */
    private final List<String> lines = lines();

    private static List<String> lines() {
        String text = ComposeFile.text(DOCKERFILE)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n"));
        return text.replaceAll("\\s*\\\\\n\\s*", " ")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** The lines of the last stage, after those of the stages of this file that it stands on. */
    private List<String> image() {
        Map<String, List<String>> stages = new LinkedHashMap<>();
        List<String> stage = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("FROM ")) {
                List<String> words = List.of(line.split(" "));
                stage = new ArrayList<>(stages.getOrDefault(words.get(1), List.of()));
                stages.put(words.getLast(), stage);
            }
            stage.add(line);
        }
        return stage;
    }

    @Test
    void everyBaseHasAVersion() {
        assertThat(lines.stream().filter(line -> line.startsWith("FROM ")))
                .allMatch(line -> line.matches(
                        "FROM (--platform=\\S+ )?(\\S+:\\S*(\\d+\\.\\d+|\\$\\{JAVA})\\S*|program)( AS \\w+)?"));
    }

    @Test
    void theImageRunsWithoutRootAndWithoutAShell() {
        List<String> image = image();
        assertThat(image).anyMatch(line -> line.equals("USER 10001:10001"));
        assertThat(image.stream().filter(line -> line.startsWith("USER "))).noneMatch(line -> line.contains("root"));
        assertThat(image).anyMatch(line -> line.startsWith("ENTRYPOINT [\"java\", "));
        assertThat(image).anyMatch(line -> line.startsWith("HEALTHCHECK ") && line.contains("CMD [\"wget\", "));
        assertThat(image).anyMatch(line -> line.equals("VOLUME /data"));
        assertThat(image).anyMatch(line -> line.equals("STOPSIGNAL SIGTERM"));
        assertThat(image).anyMatch(line -> line.startsWith("LABEL org.opencontainers.image.title="));
    }

    @Test
    void everySettingItGivesIsOneOfTheApp() {
        Set<String> known = AppVariables.all().keySet();
        assertThat(Stream.of(ComposeFile.text(DOCKERFILE).split("[\\s\\\\]+"))
                        .filter(word -> word.matches("WADI_[A-Z_]+=.*"))
                        .map(word -> word.substring(0, word.indexOf('='))))
                .isNotEmpty()
                .allMatch(known::contains);
    }

    @Test
    void everyFileItTakesIsThereAndNotIgnored() {
        List<String> kept = ComposeFile.text(Path.of(".dockerignore"))
                .lines()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        for (String line : lines) {
            if (!line.startsWith("COPY ") || line.contains("--from=")) {
                continue;
            }
            List<String> words = List.of(line.split(" "));
            for (String source : words.subList(1, words.size() - 1)) {
                assertThat(Files.exists(Path.of(source))).as(line).isTrue();
                assertThat(kept).as(line).anyMatch(path -> Path.of(source).startsWith(Path.of(path)));
            }
        }
    }

    /** What the app runs with in the image is what it runs with everywhere. */
    @Test
    void theOptionsOfJavaAreThoseOfMakeRun() {
        String make = ComposeFile.text(Path.of("Makefile"));
        List<String> options = ComposeFile.text(Path.of("src/image/java.options"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .filter(line -> !line.startsWith("-XX:AOTCache=") && !line.startsWith("-Xlog:aot"))
                .toList();
        assertThat(options).contains("-XX:+ExitOnOutOfMemoryError").allMatch(make::contains);
        assertThat(make).contains("-Xmx1g -XX:MaxDirectMemorySize=1g");
        assertThat(ComposeFile.text(DOCKERFILE)).contains("-Xmx1g -XX:MaxDirectMemorySize=1g");
    }
}
