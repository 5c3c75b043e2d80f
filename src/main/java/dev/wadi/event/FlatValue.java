package dev.wadi.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.wadi.contract.EventShape.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a text of a flat source as JSON of a type, or as a string when it is none of that type. */
final class FlatValue {
    private static final JsonFactory JSON = new JsonFactory();
    /** Longer texts are no time in any format. */
    private static final int LONGEST_TIME = 100;

    private final List<DateTimeFormatter> dates;
    private final List<DateTimeFormatter> timestamps;
    private final @Nullable ZoneId zone;
    private final boolean decimalComma;
    private char[] chars = new char[LONGEST_TIME + 1];

    FlatValue(FlatFormat format) {
        dates = format.dates().stream().map(FlatFormat::formatter).toList();
        timestamps = format.timestamps().stream().map(FlatFormat::formatter).toList();
        zone = format.zone();
        decimalComma = format.decimalComma();
    }

    /** @param text not empty, unless {@code type} is STRING */
    void write(String text, Type type, JsonText out) {
        String converted = switch (type) {
            case STRING -> null;
            case INTEGER -> integer(number(text));
            case NUMBER -> number(text);
            case BOOLEAN -> truth(text);
            case OBJECT, ARRAY -> json(text, type);
            case DATE -> {
                time(date(text), text, out);
                yield "";
            }
            case TIMESTAMP -> {
                time(timestamp(text), text, out);
                yield "";
            }
        };
        if (converted == null) {
            out.string(text);
        } else if (type == Type.OBJECT || type == Type.ARRAY) {
            out.raw(converted.getBytes(StandardCharsets.UTF_8));
        } else {
            out.ascii(converted);
        }
    }

    private static void time(@Nullable String converted, String text, JsonText out) {
        out.string(converted == null ? text : converted);
    }

    /** JSON for a decimal number; null when it is none. A text that is JSON stays as it is. */
    private @Nullable String number(String text) {
        if (isJsonNumber(text) && !(decimalComma && text.indexOf('.') >= 0)) {
            return text;
        }
        String plain = text.strip();
        if (decimalComma) {
            plain = withPoint(plain);
        }
        if (plain.startsWith("+")) {
            plain = plain.substring(1);
        }
        boolean negative = plain.startsWith("-");
        String digits = negative ? plain.substring(1) : plain;
        if (digits.startsWith(".") && digits.length() > 1) {
            digits = "0" + digits;
        }
        int zeros = 0;
        while (zeros + 1 < digits.length() && digits.charAt(zeros) == '0' && isDigit(digits.charAt(zeros + 1))) {
            zeros++;
        }
        digits = digits.substring(zeros);
        if (digits.endsWith(".")) {
            digits = digits.substring(0, digits.length() - 1);
        }
        String number = negative ? "-" + digits : digits;
        return isJsonNumber(number) ? number : null;
    }

    /** {@code 1.234,50} is {@code 1234.50}; points must part thousands, or 1.5 would be 15. */
    private static String withPoint(String text) {
        int comma = text.indexOf(',');
        String whole = comma < 0 ? text : text.substring(0, comma);
        if (whole.indexOf('.') >= 0) {
            if (!whole.matches("[+-]?[0-9]{1,3}(\\.[0-9]{3})+")) {
                return "";
            }
            whole = whole.replace(".", "");
        }
        String fraction = comma < 0 ? "" : text.substring(comma + 1);
        return fraction.indexOf('.') >= 0 ? "" : comma < 0 ? whole : whole + "." + fraction;
    }

    /** Without a fraction of zeros; null when it is no integer. */
    private static @Nullable String integer(@Nullable String number) {
        if (number == null) {
            return null;
        }
        int point = number.indexOf('.');
        int end = point < 0 ? number.length() : point;
        for (int i = point < 0 ? end : point + 1; i < number.length(); i++) {
            if (number.charAt(i) != '0') {
                return null;
            }
        }
        return number.substring(0, end);
    }

    private static boolean isJsonNumber(String text) {
        int length = text.length();
        int at = length > 0 && text.charAt(0) == '-' ? 1 : 0;
        int first = at;
        at = digits(text, at);
        if (at == first || at - first > 1 && text.charAt(first) == '0') {
            return false;
        }
        if (at < length && text.charAt(at) == '.') {
            int fraction = at + 1;
            at = digits(text, fraction);
            if (at == fraction) {
                return false;
            }
        }
        if (at < length && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < length && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int exponent = at;
            at = digits(text, exponent);
            if (at == exponent) {
                return false;
            }
        }
        return at == length;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static @Nullable String truth(String text) {
        return switch (text.length() > 5 ? text : text.toLowerCase(java.util.Locale.ROOT)) {
            case "true", "t", "yes", "y", "1" -> "true";
            case "false", "f", "no", "n", "0" -> "false";
            default -> null;
        };
    }

    /** On one line; null when the text is not one JSON value of the type. */
    private static @Nullable String json(String text, Type type) {
        try (JsonParser parser = JSON.createParser(text)) {
            JsonToken start = type == Type.OBJECT ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
            if (parser.nextToken() != start) {
                return null;
            }
            parser.skipChildren();
            // line feeds stand between values only: inside a string JSON does not allow them
            return parser.nextToken() == null ? text.replace('\n', ' ').replace('\r', ' ') : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Null when the text stays as it is. */
    private @Nullable String date(String text) {
        if (dates.isEmpty() || text.length() > LONGEST_TIME) {
            return null;
        }
        for (DateTimeFormatter format : dates) {
            try {
                return LocalDate.parse(text, format).toString();
            } catch (DateTimeException e) {
                // perhaps the next one
            }
        }
        return unread(text);
    }

    /** Null when the text stays as it is. */
    private @Nullable String timestamp(String text) {
        if (text.length() > LONGEST_TIME) {
            return null;
        }
        if (timestamps.isEmpty()) {
            return iso(text);
        }
        for (DateTimeFormatter format : timestamps) {
            try {
                TemporalAccessor read = format.parseBest(
                        text, OffsetDateTime::from, ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
                return instant(read);
            } catch (DateTimeException e) {
                // perhaps the next one
            }
        }
        return unread(text);
    }

    /** An ISO text that the configured formats do not allow must not pass for one of them. */
    private static String unread(String text) {
        return text + " (not in the format that is configured)";
    }

    private String instant(TemporalAccessor read) {
        if (read instanceof OffsetDateTime time) {
            return time.toInstant().toString();
        }
        if (read instanceof ZonedDateTime time) {
            return time.toInstant().toString();
        }
        LocalDateTime local =
                read instanceof LocalDateTime time ? time : LocalDate.from(read).atStartOfDay();
        return zone == null ? local.toString() : local.atZone(zone).toInstant().toString();
    }

    /** With T for a space, Z for +00, and the zone where none is written; null when the text stays as it is. */
    private @Nullable String iso(String text) {
        int length = text.length();
        if (length < 10) {
            return null;
        }
        text.getChars(0, length, chars, 0);
        if (length > 10 && chars[10] == ' ') {
            chars[10] = 'T';
        }
        TimeText.Instant found = TimeText.instant(chars, 0, length);
        if (found == TimeText.Instant.GOOD) {
            for (String zero : List.of("+00:00", "+0000", "+00")) {
                if (text.endsWith(zero) && length - zero.length() >= 16) {
                    return new String(chars, 0, length - zero.length()) + "Z";
                }
            }
            return text.charAt(10) == ' ' ? new String(chars, 0, length) : null;
        }
        if (found == TimeText.Instant.WITHOUT_OFFSET && zone != null) {
            String local = length == 10 ? text + "T00:00" : new String(chars, 0, length);
            return zone.equals(ZoneOffset.UTC)
                    ? local + "Z"
                    : LocalDateTime.parse(local).atZone(zone).toInstant().toString();
        }
        return null;
    }
}
