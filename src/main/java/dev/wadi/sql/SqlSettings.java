package dev.wadi.sql;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may run statements, and what a statement may take.
 *
 * @param token what a request has to show; null when no statement may be run at all
 * @param layers whose tables may be read
 * @param timeout time of one statement
 * @param rows rows of one answer
 * @param memory memory of one statement, with a unit
 * @param spill room on disk of one statement, with a unit
 * @param length characters of a statement
 * @param concurrent statements that run at the same time
 */
@ConfigurationProperties("wadi.sql")
public record SqlSettings(
        @Nullable String token,
        @Bindable(defaultValue = "gold") List<String> layers,
        @Bindable(defaultValue = "10s") Duration timeout,
        @Bindable(defaultValue = "10000") int rows,
        @Bindable(defaultValue = "256MB") String memory,
        @Bindable(defaultValue = "512MB") String spill,
        @Bindable(defaultValue = "20000") int length,
        @Bindable(defaultValue = "2") int concurrent) {
    static final int SHORTEST_TOKEN = 16;

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8})\\s*([KMGT])(I?)B", Pattern.CASE_INSENSITIVE);
    private static final long LEAST_MEMORY = 64_000_000;

    public SqlSettings {
        token = token == null || token.isBlank() ? null : token.strip();
        if (token != null && token.length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException(
                    "wadi.sql.token has %d characters, which can be guessed: write %d or more, such as the output of `openssl rand -hex 24`"
                            .formatted(token.length(), SHORTEST_TOKEN));
        }
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "wadi.sql.layers is empty, so no table could be read: write gold, or gold,silver");
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException(
                    "wadi.sql.timeout is %s, so no statement could end: set it to a time such as 10s"
                            .formatted(timeout));
        }
        atLeastOne("rows", rows);
        atLeastOne("length", length);
        atLeastOne("concurrent", concurrent);
        if (bytes("memory", memory) < LEAST_MEMORY) {
            throw new IllegalArgumentException(
                    "wadi.sql.memory is %s, which is too little to read a table: write 64MB or more".formatted(memory));
        }
        bytes("spill", spill);
    }

    private static void atLeastOne(String name, int number) {
        if (number < 1) {
            throw new IllegalArgumentException("wadi.sql.%s is %d: write a number from 1 on".formatted(name, number));
        }
    }

    long memoryBytes() {
        return bytes("memory", memory);
    }

    private static long bytes(String name, String size) {
        Matcher matcher = SIZE.matcher(size.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "wadi.sql.%s is '%s': write an amount such as 256MB or 1GB".formatted(name, size));
        }
        long base = matcher.group(3).isEmpty() ? 1000 : 1024;
        long bytes = Long.parseLong(matcher.group(1));
        int powers = "KMGT".indexOf(matcher.group(2).toUpperCase(Locale.ROOT)) + 1;
        for (int n = 0; n < powers; n++) {
            bytes *= base;
        }
        return bytes;
    }
}
