package dev.wadi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AmqpBrokerTest {
    private static final int DEPTH = 200;
    private static final int BATCH = 50;
    private static final int MESSAGES = 2_000;

    @TempDir
    Path folder;

    @Test
    void aFullQueueMakesItsPublisherWaitAndLosesNothing() throws Exception {
        int port = FreePorts.settings(folder).amqpPort();
        try (AmqpBroker broker = AmqpBroker.start(folder, port, DEPTH)) {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(broker.uri());
            try (Connection publishing = factory.newConnection();
                    Connection consuming = factory.newConnection();
                    Channel channel = consuming.createChannel()) {
                channel.exchangeDeclare("events", "topic", true);
                channel.queueDeclare("q", true, false, false, null);
                channel.queueBind("q", "events", "#");
                AtomicInteger confirmed = new AtomicInteger();
                CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> publishAll(publishing, confirmed));

                long depth = settledDepth(channel);
                assertThat(depth).isBetween((long) DEPTH, DEPTH + 2L * BATCH);
                assertThat(publisher).isNotDone();

                Set<String> taken = ConcurrentHashMap.newKeySet();
                channel.basicConsume(
                        "q",
                        true,
                        (tag, message) -> taken.add(new String(message.getBody(), StandardCharsets.US_ASCII)),
                        tag -> {});
                publisher.get(60, TimeUnit.SECONDS);
                assertThat(confirmed).hasValue(MESSAGES);
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                while (taken.size() < MESSAGES && System.nanoTime() < deadline) {
                    Thread.sleep(20);
                }
                assertThat(taken).hasSize(MESSAGES);
            }
        }
    }

    @Test
    void aPortTakenInTheLastMomentIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> AmqpBroker.start(folder, taken.getLocalPort(), 100))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("did not start on port " + taken.getLocalPort());
        }
    }

    private static void publishAll(Connection connection, AtomicInteger confirmed) {
        try (Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (int n = 1; n <= MESSAGES; n++) {
                // not mandatory, as most clients publish
                channel.basicPublish(
                        "events",
                        "k",
                        MessageProperties.PERSISTENT_BASIC,
                        Integer.toString(n).getBytes(StandardCharsets.US_ASCII));
                if (n % BATCH == 0) {
                    channel.waitForConfirmsOrDie(60_000);
                    confirmed.set(n);
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The depth once it has been full and the same for a second. */
    private static long settledDepth(Channel channel) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        long depth = -1;
        for (int same = 0; same < 10 && System.nanoTime() < deadline; ) {
            Thread.sleep(100);
            long now = channel.messageCount("q");
            same = now == depth && now >= DEPTH ? same + 1 : 0;
            depth = now;
        }
        return depth;
    }
}
