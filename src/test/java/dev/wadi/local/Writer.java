package dev.wadi.local;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import io.micronaut.context.ApplicationContext;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.PreparedStatement;

/** Starts the local environment, then writes to both parts without end and prints each number once both hold it. */
final class Writer {
    static final String QUEUE = "kept";

    private Writer() {}

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
                    System.out.println(n);
                }
            }
        }
    }
}
