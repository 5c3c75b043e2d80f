package dev.wadi.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.contract.TableName;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IntervalTest {
    private static final TableName TABLE = TableName.parse("silver.bookings");

    @Test
    void intervalsAreReadAsDeltaWritesThem() {
        assertThat(Interval.parse(TABLE, "interval 1 week")).isEqualTo(Duration.ofDays(7));
        assertThat(Interval.parse(TABLE, "INTERVAL 36 HOURS")).isEqualTo(Duration.ofHours(36));
        assertThat(Interval.parse(TABLE, "2 days 3 minutes"))
                .isEqualTo(Duration.ofDays(2).plusMinutes(3));
        assertThat(Interval.parse(TABLE, "interval 500 milliseconds")).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void anythingElseIsRefusedWithWhatToWrite() {
        for (String text : new String[] {"soon", "interval 1 month", "interval", "7"}) {
            assertThatThrownBy(() -> Interval.parse(TABLE, text))
                    .isInstanceOf(TableException.class)
                    .hasMessageContaining("interval 7 days");
        }
    }
}
