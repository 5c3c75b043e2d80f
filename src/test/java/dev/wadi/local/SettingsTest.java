package dev.wadi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.PropertySource.PropertyConvention;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void everyVariableKeyAndDefaultIsPinned() {
        Map<String, String> pinned = new LinkedHashMap<>();
        try (Environment environment = environment(Map.of())) {
            for (Setting setting : Setting.values()) {
                pinned.put(
                        setting.variable() + " " + setting.key(),
                        environment.getProperty(setting.key(), String.class).orElse("unset"));
            }
        }
        assertThat(pinned)
                .containsExactly(
                        Map.entry("WADI_HTTP_HOST wadi.http.host", "127.0.0.1"),
                        Map.entry("WADI_HTTP_PORT wadi.http.port", "8080"),
                        Map.entry("WADI_AMQP_PORT wadi.amqp.port", "5672"),
                        Map.entry("WADI_POSTGRES_PORT wadi.postgres.port", "5432"),
                        Map.entry("WADI_KAFKA_EMBEDDED wadi.kafka.embedded", "false"),
                        Map.entry("WADI_KAFKA_PORT wadi.kafka.port", "9092"),
                        Map.entry("WADI_BLOB_EMBEDDED wadi.blob.embedded", "true"),
                        Map.entry("WADI_BLOB_PORT wadi.blob.port", "10000"),
                        Map.entry("WADI_BLOB_CONTAINER wadi.blob.container", "wadi"),
                        Map.entry("WADI_DATA_DIR wadi.data-dir", "data"),
                        Map.entry("WADI_ROUTES_DIR wadi.routes-dir", "routes"),
                        Map.entry("WADI_SCHEMAS_DIR wadi.schemas-dir", "schemas"),
                        Map.entry("WADI_LAKE wadi.lake", "data/lake"),
                        Map.entry("WADI_DUCKDB_MEMORY wadi.duckdb-memory", "1GB"),
                        Map.entry("WADI_DUCKDB_THREADS wadi.duckdb-threads", "2"),
                        Map.entry("WADI_SINGLE_ROUTES wadi.single-routes", "true"),
                        Map.entry("WADI_STOP_DELAY wadi.stop-delay", "0s"),
                        Map.entry("RABBITMQ_URI rabbitmq.uri", "unset"),
                        Map.entry("JDBC_URL jdbc.url", "unset"),
                        Map.entry("KAFKA_BOOTSTRAP_SERVERS kafka.bootstrap.servers", "unset"),
                        Map.entry("SCHEMA_REGISTRY_URL schema.registry.url", "unset"),
                        Map.entry("AZURE_STORAGE_CONNECTION_STRING azure.storage.connection-string", "unset"),
                        Map.entry("WADI_SQL_TOKEN wadi.sql.token", "unset"),
                        Map.entry("WADI_SQL_LAYERS wadi.sql.layers", "gold"),
                        Map.entry("WADI_SQL_TIMEOUT wadi.sql.timeout", "10s"),
                        Map.entry("WADI_SQL_ROWS wadi.sql.rows", "10000"),
                        Map.entry("WADI_SQL_MEMORY wadi.sql.memory", "256MB"),
                        Map.entry("WADI_SQL_SPILL wadi.sql.spill", "512MB"),
                        Map.entry("WADI_SQL_LENGTH wadi.sql.length", "20000"),
                        Map.entry("WADI_SQL_CONCURRENT wadi.sql.concurrent", "2"));
    }

    @Test
    void everyVariableIsHeard() {
        Settings settings = read(Map.ofEntries(
                Map.entry("WADI_HTTP_HOST", "0.0.0.0"),
                Map.entry("WADI_HTTP_PORT", "1"),
                Map.entry("WADI_AMQP_PORT", "2"),
                Map.entry("WADI_POSTGRES_PORT", "3"),
                Map.entry("WADI_KAFKA_EMBEDDED", "true"),
                Map.entry("WADI_KAFKA_PORT", "5"),
                Map.entry("WADI_BLOB_EMBEDDED", "true"),
                Map.entry("WADI_BLOB_PORT", "6"),
                Map.entry("WADI_BLOB_CONTAINER", "drops-of-ours"),
                Map.entry("WADI_DATA_DIR", "/d"),
                Map.entry("WADI_ROUTES_DIR", "/r"),
                Map.entry("WADI_SCHEMAS_DIR", "/s"),
                Map.entry("WADI_LAKE", "/l"),
                Map.entry("WADI_DUCKDB_MEMORY", "512MiB"),
                Map.entry("WADI_DUCKDB_THREADS", "4"),
                Map.entry("WADI_SINGLE_ROUTES", "false"),
                Map.entry("WADI_STOP_DELAY", "5s"),
                Map.entry("RABBITMQ_URI", "amqp://broker"),
                Map.entry("JDBC_URL", "jdbc:postgresql://db/x"),
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"),
                Map.entry("AZURE_STORAGE_CONNECTION_STRING", "AccountName=a")));
        assertThat(settings)
                .isEqualTo(new Settings(
                        "0.0.0.0",
                        1,
                        2,
                        3,
                        true,
                        5,
                        new Settings.Blobs(true, 6, "drops-of-ours", java.util.Optional.of("AccountName=a")),
                        Path.of("/d"),
                        Path.of("/r"),
                        Path.of("/s"),
                        Path.of("/l"),
                        "512MiB",
                        4,
                        false,
                        Duration.ofSeconds(5),
                        java.util.Optional.of("amqp://broker"),
                        java.util.Optional.of("jdbc:postgresql://db/x"),
                        java.util.Optional.of("kafka:9092")));
        assertThat(settings.ports()).containsOnlyKeys(Setting.HTTP_PORT);
    }

    @Test
    void theLakeMovesWithTheDataFolder() {
        assertThat(read(Map.of("WADI_DATA_DIR", "/elsewhere")).lake()).isEqualTo(Path.of("/elsewhere/lake"));
    }

    @Test
    void anEmptyAddressMeansTheEmbeddedPart() {
        Settings settings = read(Map.of("RABBITMQ_URI", "", "JDBC_URL", " "));
        assertThat(settings.embedsBroker()).isTrue();
        assertThat(settings.embedsPostgres()).isTrue();
    }

    @Test
    void everyMistakeIsASentenceThatNamesTheVariable() {
        assertThatThrownBy(() -> read(Map.of(
                        "WADI_HTTP_PORT",
                        "http",
                        "WADI_AMQP_PORT",
                        "70000",
                        "WADI_DUCKDB_MEMORY",
                        "much",
                        "WADI_DUCKDB_THREADS",
                        "0",
                        "WADI_KAFKA_EMBEDDED",
                        "yes",
                        "WADI_STOP_DELAY",
                        "5 minutes",
                        "WADI_BLOB_CONTAINER",
                        "My Drops")))
                .isInstanceOf(StartException.class)
                .hasMessage("""
                        WADI_HTTP_PORT is 'http': write a port from 1 to 65535.
                        WADI_AMQP_PORT is '70000': write a port from 1 to 65535.
                        WADI_KAFKA_EMBEDDED is 'yes': write true or false.
                        WADI_BLOB_CONTAINER is 'My Drops': write the name of a container, 3 to 63 small letters and digits with single hyphens between.
                        WADI_DUCKDB_MEMORY is 'much': write an amount of memory such as 512MB or 1GB.
                        WADI_DUCKDB_THREADS is '0': write a number of threads from 1 to 1024.
                        WADI_STOP_DELAY is '5 minutes': write seconds from 0s to 120s.""");
    }

    @Test
    void onePortForTwoPartsIsRefused() {
        assertThatThrownBy(() -> read(Map.of("WADI_HTTP_PORT", "5672")))
                .hasMessage("WADI_HTTP_PORT and WADI_AMQP_PORT are both 5672: give each a port of its own.");
    }

    @Test
    void theReferenceListsEverySetting() throws Exception {
        String page = Files.readString(Path.of("docs/reference/configuration.md"));
        try (Environment environment = environment(Map.of())) {
            for (Setting setting : Setting.values()) {
                String value =
                        environment.getProperty(setting.key(), String.class).orElse("");
                assertThat(page)
                        .contains("| `%s` | `%s` | %s |"
                                .formatted(
                                        setting.variable(),
                                        setting.key(),
                                        value.isEmpty() ? "unset" : "`" + value + "`"));
            }
        }
    }

    private static Settings read(Map<String, Object> variables) {
        try (Environment environment = environment(variables)) {
            return Settings.read(environment);
        }
    }

    /** As in the application, with these variables in place of the ones this test happens to run with. */
    private static Environment environment(Map<String, Object> variables) {
        Map<String, Object> all = new LinkedHashMap<>(variables);
        return ApplicationContext.builder()
                .deduceEnvironment(false)
                .environmentPropertySource(false)
                .propertySources(PropertySource.of(
                        "variables",
                        all,
                        PropertyConvention.ENVIRONMENT_VARIABLE,
                        PropertySource.Origin.of("variables")))
                .build()
                .getEnvironment()
                .start();
    }
}
