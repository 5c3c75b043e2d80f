package dev.wadi.api;

import dev.wadi.kpi.AnswerFormat;
import dev.wadi.kpi.KeptAnswers;
import dev.wadi.kpi.Question;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.sse.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * The answers to one question as its tables change: one at the start, and one whenever what it says is another. Between them a
 * sign of life, which also asks anew: {@code from=-30d} moves with the day.
 */
final class KpiStream {
    private static final Logger LOG = LoggerFactory.getLogger(KpiStream.class);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);
    /** Changes that come closer together than that share an answer. */
    private static final Duration PACE = Duration.ofMillis(100);
    /** How many at once: each holds a thread. */
    private static final int MOST = 64;

    private static final Semaphore ROOM = new Semaphore(MOST);

    private final Supplier<Question> question;
    private final KeptAnswers kept;
    private final Semaphore news = new Semaphore(1);

    private KpiStream(Supplier<Question> question, KeptAnswers kept) {
        this.question = question;
        this.kept = kept;
    }

    /**
     * @param question read anew for each answer
     * @param held the tag of the answer that the client has; null for none
     * @throws Problem 503 when there are as many as there may be
     */
    static Flux<Event<String>> of(
            Supplier<Question> question, KeptAnswers kept, Timeliness timeliness, @Nullable String held) {
        Question first = question.get();
        if (!ROOM.tryAcquire()) {
            throw new Problem(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "Too many streams",
                            "%d streams are open, which is as many as there may be. Close one, or ask again later."
                                    .formatted(MOST))
                    .header("Retry-After", "10");
        }
        KpiStream stream = new KpiStream(question, kept);
        return Flux.<Event<String>>create(
                        sink -> {
                            AutoCloseable listening = timeliness.listen(first.tables(), stream.news::release);
                            Thread thread = Thread.ofPlatform()
                                    .name("kpi stream " + first.kpi().name())
                                    .daemon()
                                    .start(() -> stream.run(sink, held));
                            sink.onDispose(() -> {
                                close(listening);
                                thread.interrupt();
                            });
                        },
                        FluxSink.OverflowStrategy.LATEST)
                .doFinally(signal -> ROOM.release());
    }

    private static void close(AutoCloseable listening) {
        try {
            listening.close();
        } catch (Exception e) {
            LOG.debug("A listener did not go", e);
        }
    }

    private void run(FluxSink<Event<String>> sink, @Nullable String held) {
        String said = null;
        String tag = held;
        try {
            while (!sink.isCancelled()) {
                boolean changed = news.tryAcquire(SIGN_OF_LIFE.toMillis(), TimeUnit.MILLISECONDS);
                news.drainPermits();
                KeptAnswers.Written now = kept.answer(question.get(), AnswerFormat.JSON);
                if (!now.content().equals(said) && !now.tag().equals(tag)) {
                    sink.next(Event.of(new String(now.body(), StandardCharsets.UTF_8))
                            .name("answer")
                            .id(now.tag()));
                } else if (!changed) {
                    sink.next(Event.of("").comment("nothing new"));
                }
                said = now.content();
                tag = null;
                Thread.sleep(PACE);
            }
        } catch (InterruptedException e) {
            sink.complete();
        } catch (RuntimeException e) {
            LOG.warn("A stream of answers ended: {}", e.getMessage());
            sink.error(e);
        }
    }
}
