package dev.wadi.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {
    private static TimeText.Instant instant(String text) {
        // as in a parser's buffer: something stands before and behind
        return TimeText.instant(("12" + text + "34").toCharArray(), 2, text.length());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-31T12:00:00Z, GOOD",
        "2024-02-29T23:59:59.123456789+18:00, GOOD",
        "2026-01-31T12:00-0330, GOOD",
        "2026-01-31T12:00:00+01, GOOD",
        "2026-01-31, WITHOUT_OFFSET",
        "2026-01-31T12:00, WITHOUT_OFFSET",
        "2026-01-31T12:00:00.5, WITHOUT_OFFSET",
        "2023-02-29T00:00:00Z, BAD",
        "1900-02-29T00:00:00Z, BAD",
        "0000-01-01T00:00:00Z, BAD",
        "2026-00-01T00:00:00Z, BAD",
        "2026-01-31 12:00:00Z, BAD",
        "2026-01-31T24:00:00Z, BAD",
        "2026-01-31T12:60:00Z, BAD",
        "2026-01-31T12:00:60Z, BAD",
        "2026-01-31T12:00:00.Z, BAD",
        "2026-01-31T12:00:00.1234567890Z, BAD",
        "2026-01-31T12:00:00+18:01, BAD",
        "2026-01-31T12:00:00+1:00, BAD",
        "2026-01-31T12:00:00Z , GOOD",
        "2026-01-31T12:00:0, BAD",
        "2026-01-31T12:00:00ZZ, BAD",
        "2026-01-31T1, BAD",
        "1769860800, BAD",
        "'', BAD",
    })
    void anInstantHasADateATimeAndAnOffset(String text, TimeText.Instant expected) {
        assertThat(instant(text)).isEqualTo(expected);
    }

    @Test
    void aDateIsADayOfTheCalendar() {
        assertThat(TimeText.isDate("2024-02-29".toCharArray(), 0, 10)).isTrue();
        assertThat(TimeText.isDate("2026-04-31".toCharArray(), 0, 10)).isFalse();
        assertThat(TimeText.isDate("2026-4-3".toCharArray(), 0, 8)).isFalse();
    }

    @Test
    void whatIsGoodHereIsTheSameInstantToJavaAndToDuckDb() throws SQLException {
        long seed = 20261121L;
        Random random = new Random(seed);
        String alphabet = "0123456789-+:.TZ";
        int good = 0;
        try (Connection session = DriverManager.getConnection("jdbc:duckdb:");
                Statement zone = session.createStatement();
                PreparedStatement cast = session.prepareStatement("SELECT epoch_us(CAST(? AS TIMESTAMPTZ))")) {
            zone.execute("SET TimeZone = 'UTC'");
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder("%04d-%02d-%02dT%02d:%02d"
                        .formatted(
                                random.nextInt(10_000),
                                1 + random.nextInt(12),
                                1 + random.nextInt(31),
                                random.nextInt(25),
                                random.nextInt(60)));
                if (random.nextInt(5) > 0) {
                    text.append(":%02d".formatted(random.nextInt(61)));
                    if (random.nextBoolean()) {
                        text.append('.').append(random.nextInt(1_000_000));
                    }
                }
                text.append(
                        switch (random.nextInt(5)) {
                            case 0 -> "";
                            case 1 -> "Z";
                            default ->
                                "%s%02d:%02d"
                                        .formatted(
                                                random.nextBoolean() ? "+" : "-",
                                                random.nextInt(20),
                                                random.nextInt(60));
                        });
                if (random.nextInt(4) == 0) {
                    text.setCharAt(random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
                }
                String written = text.toString();
                boolean mine = instant(written) == TimeText.Instant.GOOD;
                Long micros = micros(written);
                assertThat(mine
                                || micros == null
                                || written.startsWith("0000")
                                || written.matches(".*[+-]..(:?..)?:..$"))
                        .as("seed %d: %s is refused but Java reads it", seed, written)
                        .isTrue();
                if (mine) {
                    good++;
                    cast.setString(1, written);
                    try (ResultSet result = cast.executeQuery()) {
                        result.next();
                        assertThat(micros)
                                .as("seed %d: Java and %s", seed, written)
                                .isEqualTo(result.getLong(1));
                    }
                }
            }
        }
        assertThat(good).isGreaterThan(5_000);
    }

    private static @Nullable Long micros(String text) {
        try {
            DateTimeFormatter lenientOffset = DateTimeFormatter.ofPattern("[XXX][XX][X]");
            int at = Math.max(text.lastIndexOf('Z'), Math.max(text.indexOf('+', 10), text.lastIndexOf('-')));
            if (at < 16) {
                return null;
            }
            String offset =
                    ZoneOffset.from(lenientOffset.parse(text.substring(at))).getId();
            OffsetDateTime time = OffsetDateTime.parse(text.substring(0, at) + offset);
            return ChronoUnit.MICROS.between(
                    OffsetDateTime.parse("1970-01-01T00:00:00Z"), time.truncatedTo(ChronoUnit.MICROS));
        } catch (DateTimeException e) {
            return null;
        }
    }
}
