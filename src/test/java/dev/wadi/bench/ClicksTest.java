package dev.wadi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The events of a bench are no duplicates, which a table rightly leaves out, and then the bench waits for rows that never come. */
class ClicksTest {
    @Test
    void noEventIsADuplicateWhateverTheRunIsCalled() {
        Clicks clicks = new Clicks("r17u", "2026-06-01");
        String first = text(clicks.next());
        assertThat(first).contains("\"r17u-0000000000\"", "\"u-0000\"");
        for (int i = 1; i < 1_000_000; i++) {
            clicks.next();
        }
        assertThat(text(clicks.next())).contains("\"r17u-0001000000\"", "\"u-0000\"");
        assertThat(text(clicks.next())).contains("\"r17u-0001000001\"", "\"u-0001\"");
    }

    private static String text(byte[] event) {
        return new String(event, StandardCharsets.US_ASCII);
    }
}
