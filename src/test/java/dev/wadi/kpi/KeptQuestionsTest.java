package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A question that was read is kept while it means the same, and no longer. */
class KeptQuestionsTest {
    private static final Kpis KPIS = Gold.kpis();
    private static final Kpi ORDERS = KPIS.find("orders").orElseThrow();
    private static final Map<String, List<String>> JANUARY =
            Map.of("from", List.of("2026-01-01"), "to", List.of("2026-01-31"));
    private static final Map<String, List<String>> SINCE_YESTERDAY = Map.of("from", List.of("-1d"));

    /** A clock that the test sets. */
    private static final class Set extends Clock {
        Instant now = Instant.parse("2026-02-03T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private final Set clock = new Set();
    private final KeptQuestions questions = new KeptQuestions(clock);

    private Question read(Kpi kpi, Map<String, List<String>> parameters) {
        return questions.read(kpi, parameters, Claims.OPEN);
    }

    @Test
    void daysOfTheCalendarAreReadOnce() {
        assertThat(read(ORDERS, JANUARY)).isSameAs(read(ORDERS, JANUARY));
        assertThat(read(ORDERS, Map.of("from", List.of("2026-01-02")))).isNotEqualTo(read(ORDERS, JANUARY));
    }

    @Test
    void whatMovesWithTheClockMoves() {
        Question before = read(ORDERS, SINCE_YESTERDAY);
        assertThat(read(ORDERS, SINCE_YESTERDAY)).isEqualTo(before);
        clock.now = clock.now.plus(Duration.ofDays(1));
        assertThat(read(ORDERS, SINCE_YESTERDAY)).isNotEqualTo(before);
    }

    /** As when its file was edited. */
    @Test
    void anotherDefinitionOfTheNameIsAnotherQuestion() {
        Kpi anew = Gold.kpis().find("orders").orElseThrow();
        assertThat(anew).isNotSameAs(ORDERS);
        assertThat(read(ORDERS, JANUARY).kpi()).isSameAs(ORDERS);
        assertThat(read(anew, JANUARY).kpi()).isSameAs(anew);
    }

    @Test
    void theWordsMayBeChangedAfterwards() {
        Map<String, List<String>> words = new java.util.HashMap<>(JANUARY);
        Question january = read(ORDERS, words);
        words.remove("to");
        assertThat(read(ORDERS, words)).isNotEqualTo(january);
        assertThat(read(ORDERS, JANUARY)).isSameAs(january);
    }

    @Test
    void oneWhoMaySeeLessAsksSomethingElse() {
        Question all = read(ORDERS, JANUARY);
        assertThat(questions.read(ORDERS, JANUARY, new Claims(Map.of("role", List.of("reader")))))
                .isNotSameAs(all);
    }

    @Test
    void aMistakeIsToldEachTime() {
        Map<String, List<String>> wrong = Map.of("from", List.of("soon"));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> read(ORDERS, wrong)).isInstanceOf(QuestionException.class);
        }
    }
}
