package dev.wadi.local;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.micronaut.context.ApplicationContext;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.PreparedStatement;

/** Starts the local environment, then writes to its parts without end and prints each number once all hold it. */
final class Writer {
    static final String QUEUE = "kept";

    private Writer() {}

    static BlobContainerClient blobs(LocalEnvironment local) {
        return new BlobServiceClientBuilder()
                .connectionString(local.blobConnection().orElseThrow())
                .buildClient()
                .getBlobContainerClient("wadi");
    }

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.read(ApplicationContext.builder()
                .deduceEnvironment(false)
                .build()
                .getEnvironment()
                .start());
        LocalEnvironment local = LocalEnvironment.start(settings, new Progress(System.err));
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(local.rabbitMqUri());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel();
                java.sql.Connection database = DriverManager.getConnection(local.jdbcUrl())) {
            channel.queueDeclare(QUEUE, true, false, false, null);
            channel.confirmSelect();
            database.createStatement().execute("CREATE TABLE IF NOT EXISTS kept (n int)");
            local.blobsReady().join();
            BlobContainerClient blobs = blobs(local);
            try (PreparedStatement insert = database.prepareStatement("INSERT INTO kept VALUES (?)")) {
                for (int n = 1; ; n++) {
                    insert.setInt(1, n);
                    insert.executeUpdate();
                    channel.basicPublish(
                            "",
                            QUEUE,
                            MessageProperties.PERSISTENT_BASIC,
                            Integer.toString(n).getBytes(StandardCharsets.US_ASCII));
                    channel.waitForConfirmsOrDie(10_000);
                    blobs.getBlobClient(Integer.toString(n)).upload(BinaryData.fromString("kept"), true);
                    System.out.println(n);
                }
            }
        }
    }
}
