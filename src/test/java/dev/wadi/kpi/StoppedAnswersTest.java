package dev.wadi.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wadi.engine.StoppedException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a KPI that takes the time of others. */
class StoppedAnswersTest {
    @Test
    void a_query_that_takes_too_long_is_stopped_and_the_next_is_answered() throws Exception {
        try (Gold gold = new Gold()) {
            Answers answers = new Answers(gold, Duration.ofSeconds(1), EarlySums.WORTH);
            gold.run("ALTER TABLE gold.fact_user_days RENAME TO kept");
            gold.run("""
                    CREATE VIEW gold.fact_user_days AS
                        SELECT k.* REPLACE (concat(k.user_id, a.range + b.range) AS user_id)
                        FROM gold.kept k, range(100000000) a, range(100000000) b WHERE a.range * b.range % 7 = 6""");

            assertThatExceptionOfType(StoppedException.class)
                    .isThrownBy(() -> answers.answer(question("active-users")))
                    .satisfies(stopped -> assertThat(stopped.reason()).isEqualTo(StoppedException.Reason.TIME));

            assertThat(answers.answer(question("orders")).answer().rows()).isNotEmpty();
        }
    }

    private static Question question(String kpi) {
        return Gold.kpis()
                .find(kpi)
                .map(found -> QuestionReader.read(found, Map.of(), Clock.systemUTC(), Claims.OPEN))
                .orElseThrow();
    }
}
