package dev.wadi.route;

import dev.wadi.event.FlatFormat;
import dev.wadi.file.FileFormat;
import dev.wadi.file.FileKind;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of {@code delta:} that say how files are written. */
final class DeltaFileFormat {
    private DeltaFileFormat() {}

    /**
     * @param take gives a parameter and takes it away; null when it is not set
     * @throws IllegalArgumentException naming the parameter and what to write
     */
    static FileFormat read(Function<String, @Nullable String> take) {
        String decimal = take.apply("decimal");
        if (decimal != null && !decimal.equals(",") && !decimal.equals(".")) {
            throw new IllegalArgumentException("decimal=%s: write decimal=, or decimal=.".formatted(decimal));
        }
        FlatFormat flat = new FlatFormat(
                patterns(take.apply("dateFormat")),
                patterns(take.apply("timestampFormat")),
                zone(take.apply("timeZone")),
                ",".equals(decimal));
        return new FileFormat(
                kind(take.apply("format")),
                delimiter(take.apply("delimiter")),
                charset(take.apply("charset")),
                take.apply("nullText"),
                flat);
    }

    private static @Nullable FileKind kind(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return FileKind.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("format=%s: write csv, ndjson or parquet".formatted(text), e);
        }
    }

    private static @Nullable Character delimiter(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String character = text.equals("tab") || text.equals("\\t") ? "\t" : text;
        if (character.length() != 1 || character.charAt(0) >= 0x80 || "\"\r\n".contains(character)) {
            throw new IllegalArgumentException(
                    "delimiter=%s: write one character, such as delimiter=; or delimiter=tab".formatted(text));
        }
        return character.charAt(0);
    }

    private static Charset charset(@Nullable String text) {
        try {
            return text == null ? StandardCharsets.UTF_8 : Charset.forName(text);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new IllegalArgumentException(
                    "charset=%s: there is none of this name: write one such as ISO-8859-1 or windows-1252"
                            .formatted(text),
                    e);
        }
    }

    private static @Nullable ZoneId zone(@Nullable String text) {
        try {
            return text == null ? null : ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "timeZone=%s: there is none of this name: write one such as UTC or Europe/Berlin".formatted(text),
                    e);
        }
    }

    /** Several are parted by a bar. */
    private static List<String> patterns(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split("\\|"))
                        .map(String::strip)
                        .filter(pattern -> !pattern.isEmpty())
                        .toList();
    }
}
