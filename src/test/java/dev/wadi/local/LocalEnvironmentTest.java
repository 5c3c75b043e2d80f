package dev.wadi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.util.BinaryData;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalEnvironmentTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Progress progress = new Progress(new PrintStream(shown, true, StandardCharsets.UTF_8));

    @Test
    void aSecondStartFindsWhatTheFirstOneKept() throws Exception {
        Settings settings = FreePorts.settings(folder);
        try (LocalEnvironment local = LocalEnvironment.start(settings, progress)) {
            execute(local, "CREATE TABLE kept (n int)");
            execute(local, "INSERT INTO kept VALUES (1)");
            try (Connection connection = connect(local);
                    Channel channel = connection.createChannel()) {
                channel.queueDeclare(Writer.QUEUE, true, false, false, null);
                channel.confirmSelect();
                channel.basicPublish("", Writer.QUEUE, MessageProperties.PERSISTENT_BASIC, new byte[] {'1'});
                channel.waitForConfirmsOrDie(10_000);
            }
        }
        try (LocalEnvironment local = LocalEnvironment.start(settings, progress)) {
            assertThat(rows(local)).containsExactly(1);
            assertThat(messages(local)).containsExactly(1);
        }
        assertThat(shown.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .allMatch(line -> line.matches("  (broker|PostgreSQL) +\\d+ ms  127\\.0\\.0\\.1:\\d+"));
    }

    @Test
    void kafkaStartsWhenItIsSwitchedOnAndKeepsItsRecords() throws Exception {
        Settings settings = FreePorts.withKafka(folder);
        long firstOffset;
        try (LocalEnvironment local = LocalEnvironment.start(settings, progress)) {
            firstOffset = publish(local.kafkaServers().orElseThrow());
            assertThat(local.properties())
                    .containsEntry("wadi.kafka.enabled", true)
                    .containsEntry("kafka.bootstrap.servers", "127.0.0.1:" + settings.kafkaPort());
        }
        assertThat(firstOffset).isZero();
        try (LocalEnvironment local = LocalEnvironment.start(settings, progress)) {
            assertThat(publish(local.kafkaServers().orElseThrow())).isEqualTo(1);
        }
        try (LocalEnvironment local = LocalEnvironment.start(FreePorts.settings(folder), progress)) {
            assertThat(local.kafkaServers()).isEmpty();
            assertThat(local.properties()).containsEntry("wadi.kafka.enabled", false);
        }
    }

    /** Returns the offset of the record. */
    private static long publish(String servers) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>("clicks", 0, null, new byte[] {1}))
                    .get()
                    .offset();
        }
    }

    @Test
    void blobsOutliveAStopAndNobodyWaitsForTheirStore() throws Exception {
        Settings settings = FreePorts.withBlobs(folder);
        try (LocalEnvironment local = LocalEnvironment.start(settings, progress)) {
            assertThat(local.properties())
                    .containsEntry("wadi.blob.enabled", true)
                    .containsKey("azure.storage.connection-string");
            local.blobsReady().get(60, TimeUnit.SECONDS);
            Writer.blobs(local).getBlobClient("drops/a").upload(BinaryData.fromString("kept"));
        }
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .containsPattern(" blob store +\\d+ ms  127\\.0\\.0\\.1:\\d+");
        try (LocalEnvironment local = LocalEnvironment.start(settings, progress)) {
            local.blobsReady().get(60, TimeUnit.SECONDS);
            assertThat(Writer.blobs(local)
                            .getBlobClient("drops/a")
                            .downloadContent()
                            .toString())
                    .isEqualTo("kept");
        }
        try (LocalEnvironment local = LocalEnvironment.start(FreePorts.settings(folder), progress)) {
            assertThat(local.blobConnection()).isEmpty();
            assertThat(local.properties()).containsEntry("wadi.blob.enabled", false);
        }
    }

    @Test
    void withoutNodeOneLineSaysSoAndNoBlobIsTaken() throws Exception {
        Settings settings = FreePorts.withBlobs(folder);
        Azurite.Found nothing = Azurite.find(Path.of("target"), folder.toString());
        // nobody else is in the way of a blob store that is not there
        try (ServerSocket taken = new ServerSocket(settings.blobs().port(), 1, InetAddress.getLoopbackAddress());
                LocalEnvironment local = LocalEnvironment.start(settings, nothing, progress)) {
            assertThat(taken.isBound()).isTrue();
            assertThat(local.blobConnection()).isEmpty();
            assertThat(local.properties())
                    .containsEntry("wadi.blob.enabled", false)
                    .doesNotContainKey("azure.storage.connection-string");
            assertThat(folder.resolve("azurite")).doesNotExist();
        }
        assertThat(shown.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .contains(
                        "  There is no blob store: Node was not found: install Node 18 or newer with npm, then `make run` again. Files may be dropped into a folder.");
    }

    @Test
    void postgresIsDurableAndReadyForReplication() throws Exception {
        try (LocalEnvironment local = LocalEnvironment.start(FreePorts.settings(folder), progress)) {
            assertThat(text(local, "SHOW fsync")).isEqualTo("on");
            assertThat(text(local, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(text(local, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(text(local, "SHOW wal_level")).isEqualTo("logical");
            assertThat(text(local, "SHOW max_replication_slots")).isEqualTo("8");
            assertThat(text(local, "SHOW max_wal_senders")).isEqualTo("8");
            assertThat(text(local, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(text(local, "SELECT datcollate FROM pg_database WHERE datname = 'postgres'"))
                    .isEqualTo("C.UTF-8");
            assertThat(text(local, "SHOW server_version")).startsWith("18.");
        }
    }

    @Test
    void whatWasConfirmedOutlivesAKillMinusNine() throws Exception {
        Settings settings = FreePorts.withBlobs(folder);
        int written = 0;
        for (int round = 0; round < 2; round++) {
            Process writer = Child.start(Writer.class.getName(), settings);
            int confirmed = 0;
            try (BufferedReader numbers = writer.inputReader()) {
                String line = numbers.readLine();
                while (line != null && confirmed < 50 + 40 * round) {
                    confirmed = Integer.parseInt(line);
                    line = numbers.readLine();
                }
            } finally {
                writer.destroyForcibly();
            }
            Child.end(writer);
            assertThat(confirmed).describedAs("confirmed in round %d", round).isPositive();
            written += confirmed;
        }
        assertThat(isPostgresRunning())
                .describedAs("the kill leaves PostgreSQL running")
                .isTrue();
        long blobStore = Long.parseLong(
                Files.readString(folder.resolve("azurite/azurite.pid")).strip());
        assertThat(ProcessHandle.of(blobStore))
                .describedAs("the kill leaves the blob store running")
                .isPresent();

        try (LocalEnvironment local = LocalEnvironment.start(settings, progress)) {
            assertThat(shown.toString(StandardCharsets.UTF_8))
                    .contains("left its PostgreSQL running")
                    .contains("left its blob store running (process %d): stopped it".formatted(blobStore));
            List<Integer> second = IntStream.rangeClosed(1, 90).boxed().toList();
            assertThat(rows(local)).hasSizeGreaterThanOrEqualTo(written).containsAll(second);
            assertThat(messages(local)).hasSizeGreaterThanOrEqualTo(written).containsAll(second);
            local.blobsReady().get(60, TimeUnit.SECONDS);
            assertThat(Writer.blobs(local).listBlobs())
                    .extracting(blob -> Integer.valueOf(blob.getName()))
                    .containsAll(second);
        }
        assertThat(isPostgresRunning()).isFalse();
        assertThat(folder.resolve("azurite/azurite.pid")).doesNotExist();
    }

    @Test
    void aDataFolderInUseIsOneSentence() throws Exception {
        try (DataFolder held = DataFolder.hold(folder)) {
            assertThat(held.postgres()).doesNotExist();
            assertThatThrownBy(() -> LocalEnvironment.start(FreePorts.settings(folder), progress))
                    .isInstanceOf(StartException.class)
                    .hasMessage(
                            "The data folder %s is in use by a Wadi that runs already (process %d): stop that one, or set WADI_DATA_DIR to another folder.",
                            folder, ProcessHandle.current().pid());
        }
    }

    @Test
    void aProcessIdThatNowBelongsToAStrangerIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Path data = Files.createDirectories(folder.resolve("postgres"));
            Files.writeString(data.resolve("postmaster.pid"), stranger.pid() + "\n" + data + "\n");
            assertThat(LeftoverProcess.postgres(data).stop(java.time.Duration.ofSeconds(1)))
                    .isEmpty();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(data.resolve("postmaster.pid")).doesNotExist();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void anInitdbCutShortIsSetAsideAndNotDeleted() throws Exception {
        Path data = Files.createDirectories(folder.resolve("postgres"));
        Files.writeString(data.resolve("PG_VERSION"), "18\n");
        Files.writeString(data.resolve("postgresql.conf"), "");
        try (LocalEnvironment local = LocalEnvironment.start(FreePorts.settings(folder), progress)) {
            assertThat(text(local, "SELECT 1")).isEqualTo("1");
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("postgres.unfinished-"));
        }
    }

    @Test
    void aPartThatCannotStartLeavesNothingRunning() throws Exception {
        Files.writeString(folder.resolve("broker"), "a file where the folder of the broker should be");
        assertThatThrownBy(() -> LocalEnvironment.start(FreePorts.settings(folder), progress))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("The embedded AMQP broker did not start")
                .hasMessageContaining("RABBITMQ_URI");
        assertThat(isPostgresRunning()).isFalse();
        DataFolder.hold(folder).close();
    }

    /** PostgreSQL deletes the file last of all when it stops well. */
    private boolean isPostgresRunning() {
        return Files.exists(folder.resolve("postgres/postmaster.pid"));
    }

    private static Connection connect(LocalEnvironment local) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(local.rabbitMqUri());
        return factory.newConnection();
    }

    private static List<Integer> messages(LocalEnvironment local) throws Exception {
        try (Connection connection = connect(local);
                Channel channel = connection.createChannel()) {
            List<Integer> numbers = new ArrayList<>();
            for (GetResponse got = next(channel); got != null; got = next(channel)) {
                numbers.add(Integer.valueOf(new String(got.getBody(), StandardCharsets.US_ASCII)));
            }
            return numbers;
        }
    }

    private static GetResponse next(Channel channel) throws IOException {
        return channel.basicGet(Writer.QUEUE, true);
    }

    private static List<Integer> rows(LocalEnvironment local) throws Exception {
        try (java.sql.Connection database = DriverManager.getConnection(local.jdbcUrl());
                ResultSet rows = database.createStatement().executeQuery("SELECT n FROM kept")) {
            List<Integer> numbers = new ArrayList<>();
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
            return numbers;
        }
    }

    private static String text(LocalEnvironment local, String query) throws Exception {
        try (java.sql.Connection database = DriverManager.getConnection(local.jdbcUrl());
                ResultSet row = database.createStatement().executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(LocalEnvironment local, String statement) throws Exception {
        try (java.sql.Connection database = DriverManager.getConnection(local.jdbcUrl())) {
            database.createStatement().execute(statement);
        }
    }
}
