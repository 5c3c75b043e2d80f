package dev.wadi.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wadi.merge.CompactionSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VacuumSettingsTest {
    @Test
    void theDefaultsAreThoseThatAreDocumented() {
        assertThat(VacuumSettings.DEFAULTS)
                .isEqualTo(new VacuumSettings(Duration.ofHours(6), Duration.ofDays(7), Duration.ofHours(1)));
        assertThat(CompactionSettings.DEFAULTS).isEqualTo(new CompactionSettings(134217728, 30));
    }

    @Test
    void whatWouldLoseFilesIsRefusedWithTheCure() {
        Duration hour = Duration.ofHours(1);
        assertThatThrownBy(() -> new VacuumSettings(hour, Duration.ofMinutes(5), hour))
                .hasMessageContaining("wadi.vacuum.retention is PT5M, shorter than wadi.vacuum.safety-age")
                .hasMessageContaining("7d");
        assertThatThrownBy(() -> new VacuumSettings(hour, hour, Duration.ZERO)).hasMessageContaining("safety-age");
        assertThatThrownBy(() -> new VacuumSettings(Duration.ofHours(-1), hour, hour))
                .hasMessageContaining("0s for never");
        assertThatThrownBy(() -> new CompactionSettings(5, 30)).hasMessageContaining("1048576");
        assertThatThrownBy(() -> new CompactionSettings(1 << 20, 0)).hasMessageContaining("1 to 100");
    }
}
