package dev.wadi.kpi;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Questions as they were read, for those who ask the same again: to find out that nothing is new should cost next to nothing.
 * One that moves with the clock ({@code from=-30d}) is read anew each time.
 */
@Singleton
public final class KeptQuestions {
    private static final int MOST = 1_000;

    private final Clock clock;
    private final Cache<Words, Question> kept =
            Caffeine.newBuilder().maximumSize(MOST).build();

    @jakarta.inject.Inject
    KeptQuestions() {
        this(Clock.systemUTC());
    }

    KeptQuestions(Clock clock) {
        this.clock = clock;
    }

    /** What was asked, of the very definition that was there. */
    private record Words(Kpi kpi, Map<String, List<String>> parameters, Claims claims) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Words words
                    && kpi == words.kpi
                    && parameters.equals(words.parameters)
                    && claims.equals(words.claims);
        }

        @Override
        public int hashCode() {
            return kpi.name().hashCode() * 31 + parameters.hashCode();
        }
    }

    /** As {@link QuestionReader#read}. */
    public Question read(Kpi kpi, Map<String, List<String>> parameters, Claims claims) {
        Words words = new Words(kpi, new LinkedHashMap<>(parameters), claims);
        Question known = kept.getIfPresent(words);
        if (known != null) {
            return known;
        }
        Watched watched = new Watched(clock);
        Question question = QuestionReader.read(kpi, parameters, watched, claims);
        if (!watched.asked) {
            kept.put(words, question);
        }
        return question;
    }

    /** Knows whether somebody looked at it. */
    private static final class Watched extends Clock {
        private final Clock clock;
        private boolean asked;

        Watched(Clock clock) {
            this.clock = clock;
        }

        @Override
        public Instant instant() {
            asked = true;
            return clock.instant();
        }

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            asked = true;
            return clock.withZone(zone);
        }
    }
}
