package dev.wadi.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * How fast messages of one event become rows of a Delta table. The app is held still while the queue fills, so that
 * neither the publisher nor a cold JVM is measured; the clock runs from letting it go to the commit of the last event.
 * Silver and gold are computed from the same events meanwhile. Four rounds before are for the JVM to warm up; then rounds of the app and of a raw client take turns,
 * and the medians are compared.
 */
final class AmqpPart {
    private static final int WARM_UPS = 4;
    private static final int WARM_UP = 100_000;
    private static final int ROUNDS = 5;
    private static final int MESSAGES = 100_000;
    private static final int UNCONFIRMED = 2_000;

    private AmqpPart() {}

    static List<Figure> measure(Subject subject) throws Exception {
        try (RawAmqp client = subject.raw()) {
            for (int i = 0; i < WARM_UPS; i++) {
                run(subject, client, WARM_UP);
            }
            subject.drained();
            client.publish(WARM_UP, UNCONFIRMED, subject.clicks::next);
            client.consume(WARM_UP);
            List<Double> merged = new ArrayList<>();
            List<Double> raw = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                merged.add(run(subject, client, MESSAGES));
                subject.drained();
                client.publish(MESSAGES, UNCONFIRMED, subject.clicks::next);
                raw.add(client.consume(MESSAGES));
                System.out.printf("  merged %,.0f/s, raw client %,.0f/s%n", merged.getLast(), raw.getLast());
            }
            return List.of(Figure.of(
                            "AMQP -> merged in bronze, %,d persistent messages of %d bytes"
                                    .formatted(MESSAGES, subject.clicks.next().length),
                            median(merged),
                            "events/s",
                            "raw AMQP client, acknowledging 500 at once",
                            median(raw))
                    .atLeast(median(raw) / 2));
        }
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }

    private static double run(Subject subject, RawAmqp client, int messages) throws Exception {
        long before = subject.rows("bronze.clickstream");
        subject.hold(true);
        try {
            client.publish("events", "clickstream", messages, UNCONFIRMED, subject.clicks::next);
        } finally {
            subject.hold(false);
        }
        long start = System.nanoTime();
        subject.awaitRows("bronze.clickstream", before + messages);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("  %,d messages merged in %.1f s%n", messages, seconds);
        return messages / seconds;
    }
}
