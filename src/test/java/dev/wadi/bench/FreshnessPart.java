package dev.wadi.bench;

import dev.wadi.proof.Http;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long after its 202 an event is in the answer of a KPI, at a steady 1,000 events a second. The events happen on a
 * day of their own, so the KPI counts them alone: an answer of n shows the n events accepted first.
 */
final class FreshnessPart {
    private static final int PER_SECOND = 1_000;
    private static final int EVENTS = 30 * PER_SECOND;
    private static final int CONNECTIONS = 32;
    private static final long POLL_MILLIS = 25;
    private static final long GIVE_UP_NANOS = 90_000_000_000L;
    private static final String QUESTION = "/api/kpis/events?from=2026-07-01&to=2026-07-01";

    /** When each 202 came, by order of coming, written by one thread and read by another. */
    private final long[] accepted = new long[EVENTS];

    private volatile int acceptedCount;

    private FreshnessPart() {}

    static List<Figure> measure(Subject subject) throws Exception {
        return new FreshnessPart().run(subject);
    }

    private List<Figure> run(Subject subject) throws Exception {
        Clicks clicks = new Clicks(subject.run + "f", "2026-07-01");
        Thread sender = new Thread(() -> send(subject, clicks), "freshness-sender");
        sender.start();
        long[] delays = poll(subject.wadi.http());
        sender.join();
        Arrays.sort(delays);
        double median = delays[EVENTS / 2] / 1e9;
        double high = delays[EVENTS * 99 / 100] / 1e9;
        System.out.printf(
                "  seconds from 202 to visible: p50 %.2f, p99 %.2f, most %.2f%n",
                median, high, delays[EVENTS - 1] / 1e9);
        return List.of(
                Figure.of("accepted -> visible in a KPI at 1,000 events/s, p50", median, "s", "the aim", Double.NaN)
                        .atMost(2),
                Figure.of("accepted -> visible in a KPI at 1,000 events/s, p99", high, "s", "the aim", Double.NaN)
                        .atMost(2));
    }

    private void send(Subject subject, Clicks clicks) {
        long start = System.nanoTime();
        ByteBuffer[] posts = new ByteBuffer[CONNECTIONS];
        HttpLoad.Script paced = new HttpLoad.Script() {
            private int given;

            @Override
            public @Nullable ByteBuffer next(int connection) {
                if (System.nanoTime() - start < given * (1_000_000_000L / PER_SECOND)) {
                    return null;
                }
                given++;
                ByteBuffer post = posts[connection];
                posts[connection] = post == null ? clicks.post() : clicks.renew(post);
                return posts[connection];
            }

            @Override
            public boolean done() {
                return given >= EVENTS;
            }

            @Override
            public void answered(int connection, int status, long nanos) {
                if (status != 202) {
                    throw new IllegalStateException("an event was answered with " + status);
                }
                int at = acceptedCount;
                accepted[at] = System.nanoTime();
                acceptedCount = at + 1;
            }
        };
        try {
            HttpLoad.run(subject.wadi.httpPort(), CONNECTIONS, paced);
        } catch (java.io.IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    /** Asks the KPI until it shows every event. */
    private long[] poll(Http http) throws Exception {
        long[] delays = new long[EVENTS];
        long deadline = System.nanoTime() + GIVE_UP_NANOS;
        int visible = 0;
        while (visible < EVENTS) {
            int shown =
                    http.get(QUESTION).json().path("rows").path(0).path("value").asInt();
            long now = System.nanoTime();
            // An event can be visible before its 202 has come back; it then waited no time.
            for (; visible < shown; visible++) {
                delays[visible] = visible < acceptedCount ? Math.max(0, now - accepted[visible]) : 0;
            }
            if (now > deadline) {
                throw new IllegalStateException("only %,d of %,d events became visible".formatted(visible, EVENTS));
            }
            Thread.sleep(POLL_MILLIS);
        }
        return delays;
    }
}
