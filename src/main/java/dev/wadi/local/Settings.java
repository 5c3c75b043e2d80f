package dev.wadi.local;

import io.micronaut.core.value.PropertyResolver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a run is told, read once before anything starts: environment variable, else system property, else
 * {@code application.yml}.
 *
 * @param httpHost address the HTTP server listens on
 * @param duckDbMemory as DuckDB writes it: {@code 1GB}
 * @param kafkaEmbedded whether the embedded Kafka broker is wanted; it starts unless brokers are named that run already
 * @param blobs where blobs are dropped
 * @param singleRoutes whether routes run here that only one process of a lake should run
 * @param stopDelay how long to answer on as not ready before a stop closes the doors
 * @param rabbitMqUri of a broker that runs already; empty when the embedded one shall start
 * @param jdbcUrl of a PostgreSQL that runs already; empty when the embedded one shall start
 * @param kafkaServers brokers that run already, as Kafka writes them: {@code host:port,host:port}; empty when there are none
 */
public record Settings(
        String httpHost,
        int httpPort,
        int amqpPort,
        int postgresPort,
        boolean kafkaEmbedded,
        int kafkaPort,
        Blobs blobs,
        Path dataDir,
        Path routesDir,
        Path schemasDir,
        Path lake,
        String duckDbMemory,
        int duckDbThreads,
        boolean singleRoutes,
        Duration stopDelay,
        Optional<String> rabbitMqUri,
        Optional<String> jdbcUrl,
        Optional<String> kafkaServers) {

    /**
     * Where blobs are dropped.
     *
     * @param embedded whether the embedded blob store is wanted; it starts unless an account is named, and where Node is
     * @param connection of an account of Azure Blob Storage, as Azure writes it; empty when none is named
     */
    public record Blobs(boolean embedded, int port, String container, Optional<String> connection) {}

    /** As Azure asks for it. */
    private static final Pattern CONTAINER = Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");

    private static final Pattern MEMORY =
            Pattern.compile("[1-9][0-9]*(\\.[0-9]+)?\\s*([KMGT]i?B)", Pattern.CASE_INSENSITIVE);

    /** @throws StartException with one sentence for each value that cannot be used */
    public static Settings read(PropertyResolver properties) {
        Reader reader = new Reader(properties);
        Settings settings = new Settings(
                reader.text(Setting.HTTP_HOST),
                reader.number(Setting.HTTP_PORT, 65_535, "a port from 1 to 65535"),
                reader.number(Setting.AMQP_PORT, 65_535, "a port from 1 to 65535"),
                reader.number(Setting.POSTGRES_PORT, 65_535, "a port from 1 to 65535"),
                reader.flag(Setting.KAFKA_EMBEDDED),
                reader.number(Setting.KAFKA_PORT, 65_534, "a port from 1 to 65534"),
                new Blobs(
                        reader.flag(Setting.BLOB_EMBEDDED),
                        reader.number(Setting.BLOB_PORT, 65_535, "a port from 1 to 65535"),
                        reader.container(),
                        reader.optional(Setting.AZURE_STORAGE_CONNECTION_STRING)),
                reader.path(Setting.DATA_DIR),
                reader.path(Setting.ROUTES_DIR),
                reader.path(Setting.SCHEMAS_DIR),
                reader.path(Setting.LAKE),
                reader.memory(Setting.DUCKDB_MEMORY),
                reader.number(Setting.DUCKDB_THREADS, 1024, "a number of threads from 1 to 1024"),
                reader.flag(Setting.SINGLE_ROUTES),
                reader.seconds(Setting.STOP_DELAY, 120),
                reader.optional(Setting.RABBITMQ_URI),
                reader.optional(Setting.JDBC_URL),
                reader.optional(Setting.KAFKA_BOOTSTRAP_SERVERS));
        settings.distinctPorts(reader.mistakes);
        if (!reader.mistakes.isEmpty()) {
            throw new StartException(String.join("\n", reader.mistakes));
        }
        return settings;
    }

    boolean embedsBroker() {
        return rabbitMqUri.isEmpty();
    }

    boolean embedsPostgres() {
        return jdbcUrl.isEmpty();
    }

    /** Where the PostgreSQL of a run is: the one that is named, else the embedded one. */
    public String database() {
        return jdbcUrl.orElseGet(() -> PostgresServer.jdbcUrl(postgresPort));
    }

    boolean embedsKafka() {
        return kafkaEmbedded && kafkaServers.isEmpty();
    }

    boolean embedsBlobs() {
        return blobs.embedded() && blobs.connection().isEmpty();
    }

    /** How to reach the blobs of a run: in the account that is named, else in the embedded store. */
    public String blobConnection() {
        return blobs.connection().orElseGet(() -> BlobStore.connection(blobs.port()));
    }

    /** The ports this run will listen on, by the setting that names each. */
    Map<Setting, Integer> ports() {
        Map<Setting, Integer> ports = new EnumMap<>(Setting.class);
        ports.put(Setting.HTTP_PORT, httpPort);
        if (embedsBroker()) {
            ports.put(Setting.AMQP_PORT, amqpPort);
        }
        if (embedsPostgres()) {
            ports.put(Setting.POSTGRES_PORT, postgresPort);
        }
        if (embedsKafka()) {
            ports.put(Setting.KAFKA_PORT, kafkaPort);
        }
        if (embedsBlobs()) {
            ports.put(Setting.BLOB_PORT, blobs.port());
        }
        return ports;
    }

    /** The folders under their keys, absolute, so that no reader depends on where the process was started. */
    Map<String, Object> folders() {
        return Map.of(
                Setting.DATA_DIR.key(), dataDir.toString(),
                Setting.ROUTES_DIR.key(), routesDir.toString(),
                Setting.SCHEMAS_DIR.key(), schemasDir.toString(),
                Setting.LAKE.key(), lake.toString());
    }

    private void distinctPorts(List<String> mistakes) {
        List<Map.Entry<Setting, Integer>> ports = List.copyOf(ports().entrySet());
        for (int i = 0; i < ports.size(); i++) {
            for (int j = i + 1; j < ports.size(); j++) {
                if (ports.get(i).getValue() > 0
                        && ports.get(i).getValue().equals(ports.get(j).getValue())) {
                    mistakes.add("%s and %s are both %d: give each a port of its own."
                            .formatted(
                                    ports.get(i).getKey().variable(),
                                    ports.get(j).getKey().variable(),
                                    ports.get(i).getValue()));
                }
            }
        }
    }

    /** Reads one value after the other and collects what is wrong, so that a person sees all of it at once. */
    private static final class Reader {
        private final PropertyResolver properties;
        private final List<String> mistakes = new ArrayList<>();

        Reader(PropertyResolver properties) {
            this.properties = properties;
        }

        /** Empty counts as unset, so that {@code JDBC_URL= make run} means the embedded PostgreSQL. */
        Optional<String> optional(Setting setting) {
            return properties
                    .getProperty(setting.key(), String.class)
                    .map(String::strip)
                    .filter(text -> !text.isEmpty());
        }

        String text(Setting setting) {
            return optional(setting).orElseGet(() -> {
                mistakes.add("%s is empty: write the %s, or unset it to use the default."
                        .formatted(setting.variable(), setting.meaning()));
                return "";
            });
        }

        Path path(Setting setting) {
            return Path.of(text(setting)).toAbsolutePath().normalize();
        }

        boolean flag(Setting setting) {
            String text = text(setting);
            if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
                mistakes.add("%s is '%s': write true or false.".formatted(setting.variable(), text));
            }
            return text.equals("true");
        }

        String container() {
            String text = text(Setting.BLOB_CONTAINER);
            if (!text.isEmpty() && !CONTAINER.matcher(text).matches()) {
                mistakes.add(
                        "%s is '%s': write the name of a container, 3 to 63 small letters and digits with single hyphens between."
                                .formatted(Setting.BLOB_CONTAINER.variable(), text));
            }
            return text;
        }

        String memory(Setting setting) {
            String text = text(setting);
            if (!text.isEmpty() && !MEMORY.matcher(text).matches()) {
                mistakes.add("%s is '%s': write an amount of memory such as 512MB or 1GB."
                        .formatted(setting.variable(), text));
            }
            return text;
        }

        Duration seconds(Setting setting, int most) {
            String text = text(setting);
            if (text.matches("[0-9]{1,6}s")) {
                Duration duration = Duration.ofSeconds(Integer.parseInt(text.substring(0, text.length() - 1)));
                if (duration.toSeconds() <= most) {
                    return duration;
                }
            }
            if (!text.isEmpty()) {
                mistakes.add("%s is '%s': write seconds from 0s to %ds.".formatted(setting.variable(), text, most));
            }
            return Duration.ZERO;
        }

        int number(Setting setting, int most, String expected) {
            String text = text(setting);
            if (text.matches("[0-9]{1,9}")) {
                int number = Integer.parseInt(text);
                if (number >= 1 && number <= most) {
                    return number;
                }
            }
            if (!text.isEmpty()) {
                mistakes.add("%s is '%s': write %s.".formatted(setting.variable(), text, expected));
            }
            return 0;
        }
    }
}
