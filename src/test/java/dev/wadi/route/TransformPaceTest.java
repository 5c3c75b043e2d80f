package dev.wadi.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransformPaceTest {
    private static final Duration TOOK = Duration.ofMillis(100);

    private final FakeTables tables = new FakeTables();

    @Test
    void atAnEasyPaceEachRestsAsLongAsItTook() {
        tables.perSecond = 1_500;
        assertThat(restOfTenth(2, TOOK)).isEqualTo(TOOK);
        assertThat(restOfTenth(2, Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whileManyEventsComeInTheyShareHalfOfTheProcessors() {
        tables.perSecond = 1_501;
        assertThat(restOfTenth(2, TOOK)).isEqualTo(Duration.ofSeconds(1));
        assertThat(restOfTenth(8, TOOK)).isEqualTo(Duration.ofMillis(250));
        assertThat(restOfTenth(64, TOOK)).isEqualTo(TOOK);
        assertThat(restOfTenth(1, Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void oneThatRunsAgainIsOne() {
        tables.perSecond = 10_000;
        TransformPace pace = new TransformPace(tables, 2);
        pace.rest("a", TOOK);
        assertThat(pace.rest("a", TOOK)).isEqualTo(TOOK);
    }

    @Test
    void whileSomebodyWaitsForWhatOthersMakeItStepsBack() {
        tables.awaited = "other";
        assertThat(restOfTenth(2, TOOK)).isEqualTo(Duration.ofSeconds(1));
        assertThat(restOfTenth(2, Duration.ofMinutes(1))).isEqualTo(Duration.ofSeconds(5));
    }

    private Duration restOfTenth(int processors, Duration took) {
        TransformPace pace = new TransformPace(tables, processors);
        for (int other = 1; other < 10; other++) {
            pace.rest(other, TOOK);
        }
        return pace.rest(10, took);
    }
}
