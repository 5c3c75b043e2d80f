package dev.wadi.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import dev.wadi.parts.RabbitMqServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what in the PostgreSQL and the RabbitMQ of {@code docker-compose.yml}: what they need, and no more. */
class RightsTest {
    private static final String INSERT =
            "INSERT INTO pipeline.clickstream_data (event_id, user_id, action) VALUES (gen_random_uuid(), 'u', 'login')";
    private static final String DENIED = "42501";

    @TempDir
    Path folder;

    @Test
    void rolesOfPostgresMayWhatTheyNeed() throws Exception {
        try (SourceDatabase database = new SourceDatabase(folder, ComposeFile.read(Map.of()))) {
            for (String role : List.of("wadi", "reader", "writer", "admin")) {
                database.execute(role, "SELECT count(*) FROM shop.orders");
                database.execute(role, "SELECT count(*) FROM pipeline.partner_agency_booking");
            }
            database.execute("writer", INSERT);
            database.execute("writer", "UPDATE shop.customers SET segment = 'vip'");
            database.execute("writer", "DELETE FROM shop.orders");
            database.execute("wadi", "SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
            database.execute("wadi", "SELECT pg_drop_replication_slot('s')");
            database.execute("admin", "CREATE TABLE shop.returns (return_id text PRIMARY KEY)");
            database.execute("wadi", "SELECT * FROM shop.returns");
            database.execute("writer", "INSERT INTO shop.returns VALUES ('r1')");

            String metric = "INSERT INTO analytics.aggregated_metrics VALUES ('2026-01-01', 'orders', 's', 1, 1)";
            database.execute("wadi", metric);
            database.execute("reader", "SELECT * FROM analytics.aggregated_metrics");

            denied(database, "wadi", INSERT);
            denied(database, "writer", metric);
            denied(database, "reader", INSERT);
            denied(database, "reader", "SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
            denied(database, "writer", "TRUNCATE shop.orders");
            denied(database, "writer", "CREATE TABLE shop.mine (id text)");
            denied(database, "writer", "DROP TABLE shop.orders");
            denied(database, "admin", "CREATE ROLE other");
            assertThatThrownBy(() -> database.execute("nobody", "SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    private static void denied(SourceDatabase database, String role, String sql) {
        assertThatThrownBy(() -> database.execute(role, sql))
                .as("%s: %s", role, sql)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(DENIED));
    }

    @Test
    void usersOfRabbitMqMayWhatTheyNeed() throws Exception {
        try (RabbitMqServer server = RabbitMqServer.configured(Path.of("src/compose/rabbitmq"))) {
            publish(server, "guest", "clickstream");
            try (Connection connection = connect(server, "wadi");
                    Channel channel = connection.createChannel()) {
                assertThat(channel.basicGet("events.clickstream", true).getBody())
                        .isEqualTo("x".getBytes(StandardCharsets.UTF_8));
                // what a route for another stream declares
                channel.exchangeDeclare("events", "topic", true);
                channel.queueDeclare("events.readings", true, false, false, Map.of());
                channel.queueBind("events.readings", "events", "readings");
            }
            publish(server, "guest", "readings");
            try (Connection connection = connect(server, "guest")) {
                Channel channel = Objects.requireNonNull(connection.createChannel());
                assertThatThrownBy(() -> channel.basicGet("events.clickstream", true))
                        .hasStackTraceContaining("ACCESS_REFUSED");
            }
            try (Connection connection = connect(server, "wadi")) {
                Channel channel = Objects.requireNonNull(connection.createChannel());
                assertThatThrownBy(() -> channel.queueDeclare("other", true, false, false, Map.of()))
                        .hasStackTraceContaining("ACCESS_REFUSED");
            }
            assertThatThrownBy(() -> connect(server, "reader")).hasStackTraceContaining("ACCESS_REFUSED");
            assertThatCode(() -> connect(server, "admin").close()).doesNotThrowAnyException();
        }
    }

    private static void publish(RabbitMqServer server, String user, String key) throws Exception {
        try (Connection connection = connect(server, user);
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            channel.basicPublish(
                    "events", key, true, MessageProperties.PERSISTENT_BASIC, "x".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(10_000);
        }
    }

    /** With the password of the same name, as the file has it. */
    private static Connection connect(RabbitMqServer server, String user) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(server.port());
        factory.setUsername(user);
        factory.setPassword(user);
        return factory.newConnection();
    }
}
