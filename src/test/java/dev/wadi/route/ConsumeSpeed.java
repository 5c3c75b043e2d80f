package dev.wadi.route;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.sun.management.OperatingSystemMXBean;
import dev.wadi.merge.MergeOutcome;
import dev.wadi.parts.RabbitMqServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * How fast a route takes persistent messages of 300 bytes into a table that commits at once, beside a bare client with
 * the same prefetch that does nothing with them. Prints messages a second, in turns.
 */
final class ConsumeSpeed {
    private static final int MESSAGES = 100_000;
    private static final int PREFETCH = 20_000;
    private static final String QUEUE = "speed.clicks";

    private ConsumeSpeed() {}

    public static void main(String[] arguments) throws Exception {
        try (RabbitMqServer server = RabbitMqServer.start()) {
            for (int round = 1; round <= 3; round++) {
                fill(server);
                double cpu = cpuMicros();
                double raw = raw(server);
                double rawCpu = (cpuMicros() - cpu) / MESSAGES;
                fill(server);
                cpu = cpuMicros();
                double route = route(server);
                double routeCpu = (cpuMicros() - cpu) / MESSAGES;
                System.out.printf(
                        "round %d: raw client %.0f/s (%.1f us of this process a message), route %.0f/s (%.1f us), ratio %.2f%n",
                        round, raw, rawCpu, route, routeCpu, route / raw);
            }
        }
    }

    /** Unlike the time on the clock it does not depend on what else the machine does. */
    private static double cpuMicros() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e3;
    }

    private static void fill(RabbitMqServer server) throws Exception {
        byte[] body = ("{\"id\":\"" + "x".repeat(290) + "\"}").getBytes(StandardCharsets.UTF_8);
        try (Connection connection = server.connect();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("speed", "topic", true);
            channel.queueDeclare(QUEUE, true, false, false, Map.of());
            channel.queueBind(QUEUE, "speed", "clicks");
            channel.confirmSelect();
            for (int i = 0; i < MESSAGES; i++) {
                var properties = new BasicProperties.Builder()
                        .deliveryMode(2)
                        .messageId("m" + i)
                        .contentType("application/json")
                        .build();
                channel.basicPublish("speed", "clicks", properties, body);
            }
            channel.waitForConfirmsOrDie(120_000);
        }
    }

    private static double raw(RabbitMqServer server) throws Exception {
        CountDownLatch all = new CountDownLatch(MESSAGES);
        long begin = System.nanoTime();
        try (Connection connection = server.connect();
                Channel channel = connection.createChannel()) {
            channel.basicQos(PREFETCH);
            channel.basicConsume(QUEUE, false, new DefaultConsumer(channel) {
                @Override
                public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body)
                        throws IOException {
                    if (envelope.getDeliveryTag() % 2_500 == 0) {
                        channel.basicAck(envelope.getDeliveryTag(), true);
                    }
                    all.countDown();
                }
            });
            all.await();
            double speed = MESSAGES / ((System.nanoTime() - begin) / 1e9);
            channel.basicAck(0, true);
            return speed;
        }
    }

    private static double route(RabbitMqServer server) throws Exception {
        CountDownLatch all = new CountDownLatch(MESSAGES);
        MergeOutcome outcome = FakeTables.unchanged("bronze.clicks");
        FakeTables tables = new FakeTables("bronze.clicks").sink(delivery -> {
            all.countDown();
            return CompletableFuture.completedFuture(outcome);
        });
        DefaultCamelContext camel =
                CamelFactory.context(new RabbitMqComponent(server.uri()), new DeltaComponent(tables));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("rabbitmq:speed?queue=%s&routingKey=clicks&prefetch=%d".formatted(QUEUE, PREFETCH))
                        .routeId("speed")
                        .to("delta:bronze.clicks");
            }
        });
        long begin = System.nanoTime();
        camel.start();
        all.await();
        double speed = MESSAGES / ((System.nanoTime() - begin) / 1e9);
        camel.stop();
        return speed;
    }
}
