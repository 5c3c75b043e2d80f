package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.wadi.contract.TableName;
import dev.wadi.engine.LakeReader;
import dev.wadi.engine.Pin;
import dev.wadi.parts.RabbitMqServer;
import dev.wadi.proof.Sample;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes are edited again and again while events come by the broker and by HTTP: none is lost, and none is there twice. */
class RouteReloadUnderLoadTest {
    private static final int EDITS = 20;

    private static RabbitMqServer broker;

    @TempDir
    Path root;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger edited = new AtomicInteger();

    @BeforeAll
    static void startBroker() {
        broker = RabbitMqServer.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void everyEventIsThereOnceWhileItsRouteIsReplaced() throws Exception {
        Path folder = Files.createDirectories(root.resolve("routes"));
        land(folder, 5_000);
        door(folder, 0);
        try (ExecutorService senders = Executors.newFixedThreadPool(2);
                ApplicationContext application = ApplicationContext.run(Map.of(
                        "wadi.routes-dir", folder.toString(),
                        "wadi.schemas-dir", "schemas",
                        "wadi.lake", root.resolve("lake").toString(),
                        "wadi.data-dir", root.resolve("data").toString(),
                        "micronaut.server.port", -1,
                        "rabbitmq.uri", broker.uri()))) {
            EmbeddedServer server = application.getBean(EmbeddedServer.class).start();
            Routes routes = application.getBean(Routes.class);
            CompletableFuture<Set<String>> published = CompletableFuture.supplyAsync(this::publish, senders);
            CompletableFuture<Set<String>> posted = CompletableFuture.supplyAsync(() -> post(server), senders);
            for (int edit = 1; edit <= EDITS; edit++) {
                land(folder, 5_000 + edit);
                door(folder, edit);
                String purpose = "edit " + edit;
                for (int i = 0; !routes.get("land").purpose().equals(purpose); i++) {
                    assertThat(i).as("edit %d is followed", edit).isLessThan(3_000);
                    TimeUnit.MILLISECONDS.sleep(10);
                }
                edited.set(edit);
            }
            stop.set(true);
            Set<String> sent = published.get(60, TimeUnit.SECONDS);
            Set<String> accepted = posted.get(60, TimeUnit.SECONDS);
            assertThat(sent).hasSizeGreaterThan(1_000);
            assertThat(accepted).hasSizeGreaterThan(100);

            Set<String> expected = ConcurrentHashMap.newKeySet();
            expected.addAll(sent);
            expected.addAll(accepted);
            LakeReader lake = application.getBean(LakeReader.class);
            for (int i = 0; ids(lake).size() < expected.size() && i < 600; i++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(ids(lake)).isEqualTo(expected);
            assertThat(rows(lake)).isEqualTo(expected.size());
            assertThat(routes.list()).allMatch(Routes.Status::started);
            assertThat(routes.get("land").lag()).isEqualTo(new Lag(0, "messages"));
        }
    }

    private static void land(Path folder, int prefetch) throws Exception {
        Files.writeString(folder.resolve("land.camel.yaml"), """
                # edit %d
                - route:
                    id: land
                    from:
                      uri: rabbitmq:events
                      parameters:
                        queue: reload.clickstream
                        routingKey: clickstream
                        prefetch: %d
                      steps:
                        - to: delta:bronze.clickstream
                """.formatted(prefetch - 5_000, prefetch));
    }

    private static void door(Path folder, int edit) throws Exception {
        Files.writeString(folder.resolve("door.camel.yaml"), """
                - route:
                    id: door
                    from:
                      uri: direct:http-events
                      steps:
                        - setHeader:
                            name: edit
                            constant: "%d"
                        - setHeader:
                            name: CamelRabbitmqRoutingKey
                            simple: "${header.WadiStream}"
                        - to:
                            uri: rabbitmq:events
                """.formatted(edit));
    }

    /** Some thousand events a second. @return the ids of those that the broker has confirmed */
    private Set<String> publish() {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        Sample sample = new Sample(1);
        try (Connection connection = broker.connect();
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            BasicProperties properties = new BasicProperties.Builder()
                    .contentType("application/json")
                    .deliveryMode(2)
                    .build();
            while (!stop.get()) {
                for (int i = 0; i < 100; i++) {
                    var event = sample.click();
                    ids.add(event.get("event_id").asText());
                    channel.basicPublish(
                            "events",
                            "clickstream",
                            true,
                            properties,
                            event.toString().getBytes(StandardCharsets.UTF_8));
                }
                channel.waitForConfirmsOrDie(20_000);
                TimeUnit.MILLISECONDS.sleep(40);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return ids;
    }

    /** Posts until it is told to stop; a refused event is sent again. @return the ids of those that were answered with 202 */
    private Set<String> post(EmbeddedServer server) {
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        Sample sample = new Sample(2);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!stop.get()) {
                var event = sample.click();
                HttpRequest request = HttpRequest.newBuilder(server.getURI().resolve("/api/events/clickstream"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(event.toString()))
                        .build();
                HttpResponse<String> response;
                do {
                    response = client.send(request, HttpResponse.BodyHandlers.ofString());
                    if (response.statusCode() != 202) {
                        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
                        assertThat(response.headers().firstValue("Retry-After")).isPresent();
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                } while (response.statusCode() != 202);
                accepted.add(event.get("event_id").asText());
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return accepted;
    }

    private static Set<String> ids(LakeReader lake) throws Exception {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        try (Pin pin = lake.pin(Set.of(TableName.parse("bronze.clickstream")));
                Statement statement = pin.connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT event_id FROM bronze.clickstream")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    private static long rows(LakeReader lake) throws Exception {
        try (Pin pin = lake.pin(Set.of(TableName.parse("bronze.clickstream")));
                Statement statement = pin.connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM bronze.clickstream")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
