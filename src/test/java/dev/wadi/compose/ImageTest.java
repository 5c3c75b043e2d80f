package dev.wadi.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** And in the line itself, not by a variable: whoever proposes newer ones reads no variables. */
    @Test
    void everyBaseHasAVersion() {
        assertThat(lines.stream().filter(line -> line.startsWith("FROM ")))
                .allMatch(line -> line.matches(
                        "FROM (--platform=\\S+ )?([^\\s$]+:[^\\s$]*\\d+\\.\\d+[^\\s$]*|program)( AS \\w+)?"));
    }

    @Test
    void theImageRunsWithoutRootAndWithoutAShell() {
        List<String> image = image();
        assertThat(image).anyMatch(line -> line.equals("USER 10001:10001"));
        assertThat(image.stream().filter(line -> line.startsWith("USER "))).noneMatch(line -> line.contains("root"));
        assertThat(image).anyMatch(line -> line.startsWith("ENTRYPOINT [\"java\", "));
        assertThat(image).anyMatch(line -> line.startsWith("HEALTHCHECK ") && line.contains(" CMD [\""));
        assertThat(image).anyMatch(line -> line.equals("VOLUME /data"));
        assertThat(image).anyMatch(line -> line.equals("STOPSIGNAL SIGTERM"));
        assertThat(image).anyMatch(line -> line.startsWith("LABEL org.opencontainers.image.title="));
    }

    /** As the image would run it, but for where its Java and its class are; how it ends is all that Docker looks at. */
    @Test
    void theHealthCheckIsWhatHealthSays(@TempDir Path classes) throws Exception {
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), "src/image/Health.java"))
                .isZero();
        String line = image().stream()
                .filter(each -> each.startsWith("HEALTHCHECK "))
                .findFirst()
                .orElseThrow();
        String[] command = new ObjectMapper().readValue(line.substring(line.indexOf('[')), String[].class);
        for (int i = 0; i < command.length; i++) {
            command[i] = switch (command[i]) {
                case "java" ->
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
                case "/opt/wadi" -> classes.toString();
                default -> command[i];
            };
        }
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        AtomicInteger status = new AtomicInteger(200);
        server.createContext("/health", exchange -> {
            byte[] body = "the parts".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        // options that fit no second Java
        Map<String, String> environment = Map.of(
                "WADI_HTTP_PORT", Integer.toString(server.getAddress().getPort()), "JDK_JAVA_OPTIONS", "-XX:+UseG1GC");
        server.start();
        try {
            assertThat(Tool.run(classes, environment, command)).isEqualTo(new Tool.Result(0, "the parts\n"));
            status.set(503);
            assertThat(Tool.run(classes, environment, command)).isEqualTo(new Tool.Result(1, "the parts\n"));
        } finally {
            server.stop(0);
        }
        Tool.Result nobody = Tool.run(classes, environment, command);
        assertThat(nobody.exit()).isEqualTo(1);
        assertThat(nobody.output()).contains("/health: ").doesNotContain("\tat ");
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

    /** {@code make image} makes the tag that Compose asks for, and the chart asks for the image of its version. */
    @Test
    void theVersionIsThatOfThePomEverywhere() {
        Matcher pom = Pattern.compile("(?m)^  <version>(.+)</version>$").matcher(ComposeFile.text(Path.of("pom.xml")));
        assertThat(pom.find()).isTrue();
        String version = pom.group(1);
        assertThat(lines).contains("ARG VERSION=" + version);
        assertThat(ComposeFile.text(Path.of("docker-compose.yml"))).contains("\"wadi:${IMAGE_TAG:-" + version + "}\"");
        assertThat(ComposeFile.text(Path.of("charts/wadi/Chart.yaml")))
                .contains("\nversion: " + version + "\n", "\nappVersion: " + version + "\n");
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
