package dev.wadi.bench;

import dev.wadi.proof.Http;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * How long it takes from a 202 to the KPI answer that has the events of that request ({@code after=} its receipt), while 5,000
 * events a second come in.
 */
final class ReceiptPart {
    private static final int PER_SECOND = 5_000;
    private static final int EVENTS_A_POST = 50;
    private static final int POSTS = 30 * PER_SECOND / EVENTS_A_POST;
    /** The posts of the first seconds are for the JVM to warm up. */
    private static final int WARM_UP = POSTS / 3;
    /** Of every so many posts one asks. */
    private static final int ASKS = 5;

    private static final int SENDERS = 8;
    private static final String QUESTION = "/api/kpis/events?from=2026-06-01&to=2026-06-01&wait=30s&after=";

    private ReceiptPart() {}

    static List<Figure> measure(Subject subject) throws Exception {
        long[] nanos;
        long start = System.nanoTime();
        try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
                ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Future<Long>>> posts = LongStream.range(0, POSTS)
                    .mapToObj(number -> senders.submit(() -> post(subject, number, start, askers)))
                    .toList();
            nanos = new long[(POSTS - WARM_UP) / ASKS];
            for (int i = 0; i < nanos.length; i++) {
                nanos[i] = posts.get(WARM_UP + i * ASKS).get().get();
            }
            posts.getLast().get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Arrays.sort(nanos);
        double median = nanos[nanos.length / 2] / 1e9;
        double high = nanos[nanos.length * 99 / 100] / 1e9;
        System.out.printf(
                "  %,.0f events/s; seconds from 202 to the answer that has them: p50 %.2f, p99 %.2f, most %.2f%n",
                POSTS * EVENTS_A_POST / seconds, median, high, nanos[nanos.length - 1] / 1e9);
        subject.drained();
        return List.of(
                Figure.of("accepted -> in a KPI with after= at 5,000 events/s, p50", median, "s", "the aim", Double.NaN)
                        .atMost(1),
                Figure.of("accepted -> in a KPI with after= at 5,000 events/s, p99", high, "s", "the aim", Double.NaN)
                        .atMost(1));
    }

    /** Sends when it is time; the answer comes by the inner future, for posts that ask. */
    private static Future<Long> post(Subject subject, long number, long start, ExecutorService askers)
            throws Exception {
        byte[] lines = subject.clicks.lines(EVENTS_A_POST);
        long due = start + number * EVENTS_A_POST * 1_000_000_000L / PER_SECOND;
        long early = due - System.nanoTime();
        if (early > 0) {
            Thread.sleep(early / 1_000_000, (int) (early % 1_000_000));
        }
        Http http = subject.wadi.http();
        Http.Answer accepted = http.post("/api/events/clickstream", "application/x-ndjson", lines);
        long accept = System.nanoTime();
        if (accepted.status() != 202) {
            throw new IllegalStateException(accepted.status() + ": " + accepted.body());
        }
        String receipt = accepted.json().path("receipt").asText();
        return askers.submit(() -> {
            if (number % ASKS != 0) {
                return 0L;
            }
            Http.Answer answer = http.get(QUESTION + receipt);
            if (answer.status() != 200) {
                throw new IllegalStateException(answer.status() + ": " + answer.body());
            }
            return System.nanoTime() - accept;
        });
    }
}
