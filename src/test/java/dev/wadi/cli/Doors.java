package dev.wadi.cli;

import dev.wadi.parts.AzuriteServer;
import dev.wadi.parts.FreePorts;
import dev.wadi.parts.KafkaServer;
import dev.wadi.parts.RabbitMqServer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The real parts behind some doors, with what an application must know of them. */
final class Doors implements AutoCloseable {
    private final List<String> names;
    private final Map<String, Object> properties = new HashMap<>();
    private @Nullable RabbitMqServer rabbit;
    private @Nullable KafkaServer kafka;
    private @Nullable AzuriteServer azurite;

    /** @param names as {@code generate --to} has them */
    Doors(String... names) throws Exception {
        this.names = List.of(names);
        properties.put("rabbitmq.uri", "amqp://guest:guest@127.0.0.1:1");
        if (has("rabbitmq") || has("http")) {
            rabbit = RabbitMqServer.start();
            properties.put("rabbitmq.uri", rabbit.uri());
        }
        if (has("http")) {
            properties.put("wadi.http.port", FreePorts.one());
        }
        if (has("kafka")) {
            kafka = KafkaServer.start();
            kafka.createTopic("topic_0", 3);
            kafka.createTopic("user-activity-logs", 1);
            properties.put("wadi.kafka.enabled", "true");
            properties.put("kafka.bootstrap.servers", kafka.brokers());
        }
        if (has("blob")) {
            azurite = AzuriteServer.start();
            properties.put("wadi.blob.enabled", "true");
            properties.put("azure.storage.connection-string", azurite.connection());
        }
    }

    private boolean has(String beginning) {
        return names.stream().anyMatch(name -> name.startsWith(beginning));
    }

    Map<String, Object> properties() {
        return properties;
    }

    /** The shipped routes that these doors need, down to silver. */
    String[] routes(String stream) {
        List<String> routes = new ArrayList<>(List.of(
                "transform/silver-%s.camel.yaml".formatted(stream), "transform/silver_%s.sql".formatted(stream)));
        if (has("rabbitmq") || has("http")) {
            routes.add("ingest/%s.camel.yaml".formatted(stream));
        }
        if (has("http")) {
            routes.add("ingest/http-events.camel.yaml");
        }
        if (has("kafka")) {
            routes.add("ingest/kafka-%s.camel.yaml".formatted(stream));
        }
        if (has("folder")) {
            routes.add("ingest/folder-drops.camel.yaml");
        }
        if (has("blob")) {
            routes.add("ingest/blob-drops.camel.yaml");
        }
        return routes.toArray(String[]::new);
    }

    void open(ApplicationContext wadi) {
        if (has("http")) {
            wadi.getBean(EmbeddedServer.class).start();
        }
    }

    @Override
    public void close() throws Exception {
        try (AutoCloseable first = rabbit;
                AutoCloseable second = kafka;
                AutoCloseable third = azurite) {
            rabbit = null;
            kafka = null;
            azurite = null;
        }
    }
}
