package dev.wadi.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many events a second the HTTP door answers with 202, one by one and in batches. */
final class HttpPart {
    private static final int CONNECTIONS = 64;
    private static final int WARM_UP = 20_000;
    private static final int SINGLE = 60_000;
    private static final int BATCH = 500;
    private static final int BATCH_CONNECTIONS = 8;
    private static final int WARM_UP_BATCHES = 60;
    private static final int BATCHES = 400;

    private HttpPart() {}

    static List<Figure> single(Subject subject) throws Exception {
        double raw;
        try (RawAmqp client = subject.raw()) {
            client.publish(WARM_UP, CONNECTIONS, subject.clicks::next);
            raw = client.publish(SINGLE, CONNECTIONS, subject.clicks::next);
            client.consume(WARM_UP + SINGLE);
        }
        post(subject, WARM_UP);
        HttpLoad.Result result = post(subject, SINGLE);
        System.out.printf(
                "  one by one over %d connections: %s, p50 %.1f ms, p99 %.1f ms%n",
                CONNECTIONS, result.statuses(), result.millisAt(0.5), result.millisAt(0.99));
        subject.drained();
        return List.of(Figure.of(
                        "HTTP -> 202, events one by one",
                        result.perSecond(202),
                        "events/s",
                        "raw AMQP client, confirmed publishes, as many under way",
                        raw)
                .atLeast(5_000));
    }

    private static HttpLoad.Result post(Subject subject, int count) throws IOException {
        ByteBuffer[] posts = new ByteBuffer[CONNECTIONS];
        return HttpLoad.run(subject.wadi.httpPort(), CONNECTIONS, new Countdown(count) {
            @Override
            ByteBuffer request(int connection) {
                ByteBuffer post = posts[connection];
                posts[connection] = post == null ? subject.clicks.post() : subject.clicks.renew(post);
                return posts[connection];
            }
        });
    }

    static List<Figure> batches(Subject subject) throws Exception {
        double raw;
        try (RawAmqp client = subject.raw()) {
            client.publish(WARM_UP_BATCHES, BATCH_CONNECTIONS, () -> subject.clicks.lines(BATCH));
            raw = client.publish(BATCHES, BATCH_CONNECTIONS, () -> subject.clicks.lines(BATCH)) * BATCH;
            client.consume(WARM_UP_BATCHES + BATCHES);
        }
        postBatches(subject, WARM_UP_BATCHES);
        HttpLoad.Result result = postBatches(subject, BATCHES);
        System.out.printf(
                "  batches of %d over %d connections: %s, p50 %.1f ms, p99 %.1f ms%n",
                BATCH, BATCH_CONNECTIONS, result.statuses(), result.millisAt(0.5), result.millisAt(0.99));
        subject.drained();
        return List.of(Figure.of(
                        "HTTP -> 202, NDJSON of " + BATCH,
                        result.perSecond(202) * BATCH,
                        "events/s",
                        "raw AMQP client, the same batches as messages, confirmed",
                        raw)
                .atLeast(50_000));
    }

    private static HttpLoad.Result postBatches(Subject subject, int count) throws IOException {
        return HttpLoad.run(subject.wadi.httpPort(), BATCH_CONNECTIONS, new Countdown(count) {
            @Override
            ByteBuffer request(int connection) {
                return ByteBuffer.wrap(
                        Requests.post("/api/events/clickstream", "application/x-ndjson", subject.clicks.lines(BATCH)));
            }
        });
    }

    /** A script of so many requests, as fast as they go. */
    abstract static class Countdown implements HttpLoad.Script {
        private int left;

        Countdown(int count) {
            left = count;
        }

        abstract ByteBuffer request(int connection);

        @Override
        public final @Nullable ByteBuffer next(int connection) {
            left--;
            return request(connection);
        }

        @Override
        public final boolean done() {
            return left <= 0;
        }
    }
}
