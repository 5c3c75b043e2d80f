package dev.wadi.parts;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker from its own artifacts, run as a process of the test: free ports, a temporary folder, everything on 127.0.0.1.
 * {@link #close} ends the process by its id and removes the folder.
 */
public final class KafkaServer implements AutoCloseable {
    private static final String BARE = """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:{controller}
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
            advertised.listeners=PLAINTEXT://127.0.0.1:{port}
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            log.dirs={data}
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            group.initial.rebalance.delay.ms=0
            log.cleaner.dedupe.buffer.size=10485760
            """;

    private final ServerProcess process = new ServerProcess("Kafka");
    private final int port;

    private KafkaServer(UnaryOperator<String> properties) throws IOException {
        List<Integer> ports = FreePorts.many(3);
        this.port = ports.get(0);
        Files.writeString(
                properties(),
                properties
                        .apply(BARE)
                        .replace("{port}", Integer.toString(port))
                        .replace("{controller}", Integer.toString(ports.get(1)))
                        .replace("{other}", Integer.toString(ports.get(2)))
                        .replace("{data}", process.folder().resolve("data").toString()));
    }

    /** Starts a broker and returns when it takes connections. */
    public static KafkaServer start() {
        return start(properties -> properties);
    }

    /**
     * Starts a broker with properties of one's own.
     *
     * @param properties given the usual ones; {@code {port}}, {@code {controller}} and {@code {other}} are free ports, the first of them
     *     that of {@link #brokers}, and {@code {data}} is its folder
     */
    public static KafkaServer start(UnaryOperator<String> properties) {
        try {
            KafkaServer server = new KafkaServer(properties);
            server.launch();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The broker itself, in a process of its own. Takes the file of its properties. */
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(file);
        }
        String data = properties.getProperty("log.dirs");
        if (!Files.exists(Path.of(data, "meta.properties"))) {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(data)
                    .addDirectory(data)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setPrintStream(System.out)
                    .run();
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        server.startup();
        server.awaitShutdown();
    }

    public String brokers() {
        return "127.0.0.1:" + port;
    }

    /** Kills the broker as a power cut would; {@link #launch} starts it again on the same port with the same data. */
    public void kill() {
        process.kill();
    }

    /** Starts the broker of this folder, after {@link #kill}. */
    public void launch() {
        process.launch(
                JavaCommand.of(
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        JavaCommand.classPath(),
                        KafkaServer.class.getName(),
                        properties().toString()),
                this::askForTopics);
    }

    private Path properties() {
        return process.folder().resolve("server.properties");
    }

    private void askForTopics() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2_000))) {
            admin.listTopics().names().get();
        }
    }

    public void createTopic(String topic, int partitions) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a group has committed, by partition. */
    public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        try (Admin admin = admin()) {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The sum of what a group has committed in all its partitions. */
    public long committedTotal(String group) {
        return committed(group).values().stream()
                .mapToLong(offset -> offset == null ? 0 : offset.offset())
                .sum();
    }

    /** A producer that waits for the broker to have written. */
    public KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        brokers(),
                        // a topic that is a moment old may refuse a first request and take the second
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 << 10),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A client without a group. */
    public KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> properties = new java.util.HashMap<>(more);
        properties.put("bootstrap.servers", brokers());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        process.close();
    }

    private Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers()));
    }
}
