package dev.wadi.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.wadi.local.Settings;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySource.PropertyConvention;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docker-compose.yml} and {@code .env.example}, held against each other, against their files and against the app. */
class ComposeTest {
    private static final Path EXAMPLE = Path.of(".env.example");
    private static final Pattern OF_THE_APP =
            Pattern.compile("\\b(?:WADI|RABBITMQ|JDBC|KAFKA|SCHEMA|AZURE)_[A-Z_]+\\b");
    private static final Pattern ASSIGNED = Pattern.compile("^#?([A-Z_]+)=(.*)$", Pattern.MULTILINE);
    /** Read by Compose itself. */
    private static final String PROFILES = "COMPOSE_PROFILES";

    private final ComposeFile compose = ComposeFile.read(Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"", "kafka", "observability", "kafka,observability"})
    void composeUnderstandsTheFileWithEachProfile(String profiles) throws Exception {
        assumeThat(Tool.find("docker-compose"))
                .as("docker-compose is not on PATH, so nobody has asked it whether it understands docker-compose.yml")
                .isPresent();
        Tool.Result result = Tool.run(Path.of("."), Map.of(PROFILES, profiles), "docker-compose", "config", "--quiet");
        assertThat(result.exit()).as(result.output()).isZero();
    }

    @Test
    void theCoreStartsAlwaysAndTheRestByProfile() {
        Map<String, Set<String>> byProfile = new TreeMap<>();
        compose.services()
                .forEach((name, service) -> byProfile
                        .computeIfAbsent(
                                String.join(",", ComposeFile.texts(service, "profiles")), key -> new TreeSet<>())
                        .add(name));
        assertThat(byProfile)
                .isEqualTo(Map.of(
                        "", Set.of("wadi", "rabbitmq", "postgres", "azurite"),
                        "kafka", Set.of("kafka", "apicurio"),
                        "observability", Set.of("prometheus", "grafana")));
    }

    @Test
    void everyServiceIsPinnedWatchedBoundedAndStartedAgain() {
        Pattern pinned = Pattern.compile(".+:v?\\d+\\.\\d+.*");
        compose.services().forEach((name, service) -> {
            assertThat((String) service.get("image")).as(name).matches(pinned);
            assertThat(service.get("restart")).as(name).isEqualTo("unless-stopped");
            assertThat(ComposeFile.texts(service, "networks")).as(name).containsExactly("wadi");
            assertThat(ComposeFile.map(ComposeFile.map(ComposeFile.map(service, "deploy"), "resources"), "limits"))
                    .as(name)
                    .containsKeys("cpus", "memory");
            if (!name.equals("wadi")) {
                assertThat(ComposeFile.texts(ComposeFile.map(service, "healthcheck"), "test")
                                .getFirst())
                        .as("no shell in " + name)
                        .isEqualTo("CMD");
            }
            for (String port : ComposeFile.texts(service, "ports")) {
                assertThat(port).as(name).startsWith("127.0.0.1:");
            }
        });
    }

    @Test
    void wadiWaitsForHealthyServices() {
        Map<String, Object> wadi = compose.service("wadi");
        assertThat(ComposeFile.map(wadi, "depends_on"))
                .isEqualTo(Map.of(
                        "rabbitmq", Map.of("condition", "service_healthy"),
                        "postgres", Map.of("condition", "service_healthy"),
                        "azurite", Map.of("condition", "service_healthy")));
        assertThat(wadi.get("read_only")).isEqualTo(true);
        assertThat(ComposeFile.texts(wadi, "cap_drop")).containsExactly("ALL");
    }

    /** Else it would not know: it looks at the memory of the machine. */
    @Test
    void theBrokerKnowsTheLimitOfItsContainer() {
        Map<String, Object> resources =
                ComposeFile.map(ComposeFile.map(compose.service("rabbitmq"), "deploy"), "resources");
        assertThat(ComposeFile.map(resources, "limits")).containsEntry("memory", "1g");
        assertThat(ComposeFile.text(Path.of("src/compose/rabbitmq/rabbitmq.conf")))
                .contains("\ntotal_memory_available_override_value = 1GB\n");
    }

    @Test
    void everyMountIsAFileOfTheCheckoutOrAVolume() {
        Set<String> volumes = ComposeFile.map(compose.document(), "volumes").keySet();
        compose.services().forEach((name, service) -> {
            for (String mount : ComposeFile.texts(service, "volumes")) {
                String source = mount.substring(0, mount.indexOf(':'));
                if (source.startsWith("./")) {
                    assertThat(Path.of(source)).as(name).exists();
                    assertThat(mount)
                            .as("what is in the checkout is not written by " + name)
                            .endsWith(":ro");
                } else {
                    assertThat(volumes).as(name).contains(source);
                }
            }
        });
    }

    @Test
    void everySettingOfTheAppIsInComposeOrTheExample() {
        Set<String> said = new TreeSet<>(compose.names("wadi"));
        said.addAll(words(ComposeFile.text(EXAMPLE)));
        assertThat(AppVariables.all()).hasSizeGreaterThan(30);
        assertThat(said).containsAll(AppVariables.all().keySet());
    }

    @Test
    void noVariableThatLooksLikeASettingIsUnknownToTheApp() {
        Set<String> said = new TreeSet<>(words(ComposeFile.text(EXAMPLE)));
        said.addAll(words(ComposeFile.text(Path.of("docker-compose.yml"))));
        said.removeAll(AppVariables.all().keySet());
        assertThat(said).isEmpty();
    }

    @Test
    void theExampleHasEveryVariableOfComposeWithItsDefaultAndNoOther() {
        Map<String, String> asked = new TreeMap<>(compose.variables());
        // an account in one line: the example says it above
        asked.put("AZURE_STORAGE_CONNECTION_STRING", "");
        asked.put(PROFILES, "");
        AppVariables.all().forEach((name, value) -> {
            if (compose.names("wadi").contains(name)
                    && !compose.environment("wadi").containsKey(name)) {
                asked.put(name, value);
            }
        });
        // it moves with the data folder of the container
        asked.put("WADI_LAKE", "/data/lake");
        Map<String, String> example = new TreeMap<>();
        Matcher assigned = ASSIGNED.matcher(ComposeFile.text(EXAMPLE));
        while (assigned.find()) {
            example.put(assigned.group(1), assigned.group(2));
        }
        assertThat(example).isEqualTo(asked);
    }

    @Test
    void noEmbeddedPartStartsThere() {
        Settings settings = settings(compose.environment("wadi"));
        assertThat(settings.rabbitMqUri()).contains("amqp://wadi:wadi@rabbitmq:5672");
        assertThat(settings.jdbcUrl()).contains("jdbc:postgresql://postgres:5432/wadi?user=wadi&password=wadi");
        assertThat(settings.blobs().embedded()).isFalse();
        assertThat(settings.blobs().connection()).isPresent();
        assertThat(settings.kafkaEmbedded()).isFalse();
        assertThat(settings.kafkaServers()).isEmpty();
        assertThat(settings.lake()).isEqualTo(Path.of("/data/lake"));
    }

    private static Settings settings(Map<String, String> variables) {
        try (Environment environment = ApplicationContext.builder()
                .deduceEnvironment(false)
                .environmentPropertySource(false)
                .propertySources(PropertySource.of(
                        "compose",
                        new HashMap<>(variables),
                        PropertyConvention.ENVIRONMENT_VARIABLE,
                        PropertySource.Origin.of("docker-compose.yml")))
                .build()
                .getEnvironment()
                .start()) {
            return Settings.read(environment);
        }
    }

    private static Set<String> words(String text) {
        Set<String> words = new TreeSet<>();
        Matcher matcher = OF_THE_APP.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    @Test
    void theExampleChangesNothing() {
        assertThat(ComposeFile.text(EXAMPLE).lines().filter(line -> !line.isBlank() && !line.startsWith("#")))
                .as("every line shows a default, and changes nothing when the file is copied")
                .isEmpty();
    }
}
