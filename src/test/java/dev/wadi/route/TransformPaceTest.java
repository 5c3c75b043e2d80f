package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransformPaceTest {
    private static final Duration TOOK = Duration.ofMillis(100);

    @Test
    void oneAloneRestsAsLongAsItTook() {
        TransformPace pace = new TransformPace(2);
        pace.ended("a");
        pace.ended("a");
        assertThat(pace.rest(TOOK)).isEqualTo(TOOK);
    }

    @Test
    void manyShareHalfOfTheProcessors() {
        assertThat(paceOf(10, 2).rest(TOOK)).isEqualTo(Duration.ofSeconds(1));
        assertThat(paceOf(10, 8).rest(TOOK)).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void noneRestsForEver() {
        assertThat(paceOf(10, 1).rest(Duration.ofMinutes(1))).isEqualTo(TransformPace.LONGEST_REST);
    }

    private static TransformPace paceOf(int transforms, int processors) {
        TransformPace pace = new TransformPace(processors);
        for (int i = 0; i < transforms; i++) {
            pace.ended(i);
        }
        return pace;
    }
}
