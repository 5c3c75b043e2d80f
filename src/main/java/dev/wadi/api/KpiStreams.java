package dev.wadi.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wadi.contract.TableName;
import dev.wadi.kpi.AnswerFormat;
import dev.wadi.kpi.KeptAnswers;
import dev.wadi.kpi.Question;
import dev.wadi.kpi.QuestionException;
import io.micronaut.http.HttpStatus;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The answers to a question as its tables change, as server-sent events: one at the start, and one whenever what it says is
 * another. Between them a sign of life, which also asks anew: {@code from=-30d} moves with the day. No thread waits for a
 * stream: one is borrowed for each answer.
 */
@Singleton
final class KpiStreams {
    private static final Logger LOG = LoggerFactory.getLogger(KpiStreams.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);
    /** Changes that come closer together than that share an answer. */
    private static final Duration PACE = Duration.ofMillis(100);
    /** How many at once. */
    static final int MOST = 64;

    private final KeptAnswers kept;
    private final Timeliness timeliness;
    private final Scheduler answering;
    private final Duration signOfLife;
    private final Semaphore room = new Semaphore(MOST);

    @jakarta.inject.Inject
    KpiStreams(KeptAnswers kept, Timeliness timeliness, @Named(TaskExecutors.IO) ExecutorService answering) {
        this(kept, timeliness, answering, SIGN_OF_LIFE);
    }

    KpiStreams(KeptAnswers kept, Timeliness timeliness, ExecutorService answering, Duration signOfLife) {
        this.kept = kept;
        this.timeliness = timeliness;
        this.answering = Schedulers.fromExecutorService(answering);
        this.signOfLife = signOfLife;
    }

    /** Why a stream asks again. */
    private enum Cause {
        START,
        NEWS,
        TIME
    }

    /**
     * @param question read anew for each answer
     * @param held the id of the event that the client has; null for none
     * @throws Problem 503 when there are as many as there may be
     */
    Flux<byte[]> open(Supplier<Question> question, @Nullable String held) {
        Question first = question.get();
        if (!room.tryAcquire()) {
            throw new Problem(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "Too many streams",
                            "%d streams are open, which is as many as there may be. Close one, or ask again later."
                                    .formatted(MOST))
                    .header("Retry-After", "10");
        }
        Stream stream = new Stream(question, held);
        return Flux.merge(
                        Flux.just(Cause.START),
                        news(first.tables()),
                        Flux.interval(signOfLife).map(tick -> Cause.TIME).onBackpressureDrop())
                // what waits while an answer is made asks once
                .onBackpressureLatest()
                .concatMap(
                        cause -> Mono.fromCallable(() -> stream.next(cause))
                                .subscribeOn(answering)
                                .concatWith(Mono.<byte[]>empty().delaySubscription(PACE)),
                        1)
                .onErrorResume(RuntimeException.class, KpiStreams::last)
                .doFinally(signal -> room.release());
    }

    /** Streams that may still be opened. */
    int room() {
        return room.availablePermits();
    }

    private Flux<Cause> news(Set<TableName> tables) {
        return Flux.create(
                sink -> {
                    AutoCloseable listening = timeliness.listen(tables, () -> sink.next(Cause.NEWS));
                    sink.onDispose(() -> close(listening));
                },
                FluxSink.OverflowStrategy.LATEST);
    }

    private static void close(AutoCloseable listening) {
        try {
            listening.close();
        } catch (Exception e) {
            LOG.debug("A listener did not go", e);
        }
    }

    /** What a client is told when no answer comes any more; what it does then is to come again, and to get the problem as such. */
    private static Flux<byte[]> last(RuntimeException failure) {
        boolean wrong = failure instanceof QuestionException || failure instanceof Problem;
        if (!wrong) {
            LOG.warn("A stream of answers ended: {}", failure.getMessage(), failure);
        }
        try {
            String problem = JSON.writeValueAsString(
                    java.util.Map.of("detail", wrong ? String.valueOf(failure.getMessage()) : "See the log of Wadi."));
            return Flux.just(bytes("event: problem\ndata: " + problem + "\n\n"));
        } catch (JsonProcessingException e) {
            return Flux.error(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What one client was told. */
    private final class Stream {
        private final Supplier<Question> question;
        private @Nullable String held;
        private @Nullable String said;

        Stream(Supplier<Question> question, @Nullable String held) {
            this.question = question;
            this.held = held;
        }

        /** An event, a comment, or null when there is nothing to tell. */
        byte @Nullable [] next(Cause cause) {
            KeptAnswers.Written now = kept.answer(question.get(), AnswerFormat.JSON);
            boolean known = now.content().equals(said) || now.tag().equals(held);
            said = now.content();
            held = null;
            if (!known) {
                // the body is one line: JSON escapes line breaks
                return bytes("event: answer\nid: %s\ndata: %s\n\n"
                        .formatted(now.tag(), new String(now.body(), StandardCharsets.UTF_8)));
            }
            return cause == Cause.NEWS ? null : bytes(": nothing new\n\n");
        }
    }
}
