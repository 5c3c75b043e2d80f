package dev.wadi.bench;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.wadi.generator.Destination;
import dev.wadi.generator.Generation;
import dev.wadi.generator.Options;
import dev.wadi.generator.SyntheticStream;
import dev.wadi.generator.Target;
import dev.wadi.parts.RabbitMqServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code wadi generate} makes in a second, with every fault: as lines for nobody, with a truth, as files, into RabbitMQ. One
 * thread makes events, so all but the last are by the time of its processor: others may be busy.
 */
final class GeneratePart {
    private static final int EVENTS = 300_000;
    private static final int WARM_UP = 100_000;
    private static final int MESSAGES = 100_000;
    private static final String PROCESSOR = "events/s of a processor";
    private static final Options OPTIONS =
            new Options(7, Instant.parse("2026-11-01T00:00:00Z"), 0.01, 0.02, 0.01, 0.01, 0.01, 0.02, 0.01);

    private GeneratePart() {}

    static List<Figure> measure(Path folder) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (SyntheticStream stream : SyntheticStream.values()) {
            run(stream, Destination.FILE, "", null, WARM_UP);
            figures.add(figure(
                            "events of %s generated, as lines for nobody".formatted(stream),
                            PROCESSOR,
                            ofProcessor(stream, Destination.FILE, "", null))
                    .atLeast(50_000));
            figures.add(figure(
                    "the same with a truth",
                    PROCESSOR,
                    ofProcessor(stream, Destination.FILE, "", folder.resolve(stream + ".truth"))));
            figures.add(figure(
                    "the same as CSV files",
                    PROCESSOR,
                    ofProcessor(stream, Destination.FOLDER_CSV, folder.toString(), null)));
        }
        try (RabbitMqServer rabbit = RabbitMqServer.start()) {
            for (SyntheticStream stream : SyntheticStream.values()) {
                queue(rabbit, stream);
                run(stream, Destination.RABBITMQ, rabbit.uri(), null, WARM_UP);
                figures.add(figure(
                        "events of %s generated into RabbitMQ, persistent and confirmed".formatted(stream),
                        "events/s",
                        run(stream, Destination.RABBITMQ, rabbit.uri(), null, MESSAGES)));
            }
        }
        return figures;
    }

    private static void queue(RabbitMqServer rabbit, SyntheticStream stream) throws Exception {
        try (Connection connection = rabbit.connect();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("events", "topic", true);
            channel.queueDeclare("events." + stream, true, false, false, null);
            channel.queueBind("events." + stream, "events", stream.toString());
        }
    }

    private static Figure figure(String name, String unit, double perSecond) {
        return Figure.of(name, perSecond, unit, "the aim", Double.NaN);
    }

    /** Events in a second of the time of a processor. */
    private static double ofProcessor(SyntheticStream stream, Destination to, String at, @Nullable Path truth)
            throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        run(stream, to, at, truth, EVENTS);
        return EVENTS * 1e9 / (threads.getCurrentThreadCpuTime() - before);
    }

    /** Events in a second by the clock. */
    private static double run(SyntheticStream stream, Destination to, String at, @Nullable Path truth, int events)
            throws IOException {
        Destination.Addresses usual =
                new Destination.Addresses("", "", "", "", Path.of("."), new Destination.Blobs("", ""));
        Destination.Details details = new Destination.Details(
                at.isEmpty() ? Optional.empty() : Optional.of(at), Optional.empty(), Destination.Details.FILE_ROWS);
        try (Target target = to.open(stream, OPTIONS, usual, details, OutputStream.nullOutputStream())) {
            return new Generation(stream, OPTIONS, truth).run(events, 0, target).perSecond();
        }
    }
}
